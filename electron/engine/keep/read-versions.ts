import { stat } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { KeptFilesStore, NewDamage } from '../ledger/kept-files.store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import type { Layout } from '../zones/layout.ts'
import type { VersionHolds } from './version-holds.ts'

export interface ReadParts {
  holds: VersionHolds
  layout: Layout
  files: KeptFilesStore
  ledger: Ledger
  clock: () => number
}

/** Nothing about the files: asking what is the matter with them would be in vain. */
const UNRELATED = new Set(['CANCELLED', 'BAD_INPUT', 'SQL_REFUSED', 'TIMEOUT', 'OUT_OF_MEMORY', 'WORKSPACE_LOCKED'])

/**
 * Reads versions while nobody may remove them. When the reading fails because a file is gone or was cut, the problem names the
 * file, and everybody sees from then on that the version is damaged.
 */
export async function readVersions<T>(parts: ReadParts, versions: readonly VersionRow[], read: () => Promise<T>): Promise<T> {
  return parts.holds.during(versions, async () => {
    try {
      return await read()
    } catch (error) {
      if (UNRELATED.has(toProblem(error).code)) throw error
      const damages = (await Promise.all(versions.map((version) => brokenParts(parts.layout, version)))).flat()
      const [first] = damages
      if (first === undefined) throw error
      if (!parts.ledger.isReadonly) parts.files.addDamages(damages, parts.clock())
      const more = damages.length === 1 ? '' : `, and ${damages.length - 1} more ${damages.length === 2 ? 'file' : 'files'}`
      throw new ProblemError('FILE_CHANGED', `${first.path} ${first.text}${more}`, {
        hint: `Put the file back from a copy, roll ${first.dataset} back, or run ${first.dataset.split('.', 1)[0] ?? ''} again. "strata verify ${first.dataset}" looks at all its files`,
        details: { dataset: first.dataset, paths: damages.map((damage) => damage.path) },
        cause: error,
      })
    }
  })
}

/** Parts that are gone or not as long as they were written. */
async function brokenParts(layout: Layout, version: VersionRow): Promise<NewDamage[]> {
  const dir = layout.versionDir(version.dataset, version.number)
  const found = await Promise.all(
    version.parts.map(async ({ name, sizeBytes }): Promise<NewDamage | null> => {
      const facts = await stat(path.join(dir, name)).catch(whenAbsent(null))
      if (facts !== null && facts.size === sizeBytes) return null
      const about = { dataset: version.dataset, versionId: version.id, path: layout.relative(path.join(dir, name)) }
      return facts === null ? { ...about, kind: 'missing', text: 'is missing' } : { ...about, kind: 'changed', text: `has ${facts.size} bytes instead of ${sizeBytes}` }
    }),
  )
  return found.filter((damage) => damage !== null)
}

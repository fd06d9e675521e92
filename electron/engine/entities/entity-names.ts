import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { toProblem } from '../../../shared/domain/problem.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { createTurns } from '../query/turns.ts'
import { versionSource } from '../runs/version-source.ts'
import type { NameColumn } from '../workers/entity.wire.ts'
import { whenAbsent } from '../zones/when-absent.ts'

export type EntityNamesParts = Pick<EngineParts, 'layout' | 'ledger' | 'versions' | 'workers' | 'files' | 'holds' | 'clock' | 'log'>

/** A version, the column of it that names entities, and the others by which they are found. */
export interface NamesOf {
  version: VersionRow
  keyColumn: string
  names: NameColumn[]
}

/** Files by which entities are found: one for each version and column that names them, written once, when somebody searches first. */
export interface EntityNames {
  /** What can be searched now, and what is being written; files of others are begun. With `wait` all are there, or failed. */
  filesFor(wanted: readonly NamesOf[], options: { wait: boolean; signal: AbortSignal }): Promise<NameFiles>
}

export interface NameFiles {
  ready: { of: NamesOf; file: string }[]
  preparing: NamesOf[]
  failed: { of: NamesOf; message: string }[]
}

/** Of what is written: files of another form are made anew. */
const FORM = 1

type Entry = { state: 'ready' } | { state: 'preparing'; done: Promise<void> } | { state: 'failed'; message: string }

export function createEntityNames(parts: EntityNamesParts): EntityNames {
  const turns = createTurns(1)
  const entries = new Map<string, Entry>()
  const begin = (file: string, of: NamesOf): void => {
    // Nobody gives it up: whoever searches next wants it as well, and the engine's end ends its process.
    const done = turns(new AbortController().signal, () => write(parts, file, of)).then(
      () => void entries.set(file, { state: 'ready' }),
      (error: unknown) => {
        const { message } = toProblem(error)
        parts.log('warn', `The names of entities in ${of.version.dataset} v${of.version.number} cannot be listed: ${message}`)
        entries.set(file, { state: 'failed', message })
      },
    )
    entries.set(file, { state: 'preparing', done })
  }
  return {
    async filesFor(wanted, { wait, signal }) {
      const files = wanted.map((of) => ({ of, file: fileOf(parts, of) }))
      for (const { of, file } of files) {
        if (entries.has(file)) continue
        if (await isThere(file)) entries.set(file, { state: 'ready' })
        else if (!entries.has(file)) begin(file, of)
      }
      if (wait) await orAborted(Promise.all(files.map(({ file }) => waitFor(entries.get(file)))), signal)
      const states = files.map((one) => ({ ...one, entry: entries.get(one.file) }))
      return {
        ready: states.filter(({ entry }) => entry?.state === 'ready'),
        preparing: states.flatMap(({ of, entry }) => (entry?.state === 'preparing' ? [of] : [])),
        failed: states.flatMap(({ of, entry }) => (entry?.state === 'failed' ? [{ of, message: entry.message }] : [])),
      }
    },
  }
}

function waitFor(entry: Entry | undefined): Promise<void> {
  return entry?.state === 'preparing' ? entry.done : Promise.resolve()
}

async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const given = Promise.withResolvers<never>()
  const giveUp = (): void => given.reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await Promise.race([work, given.promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** Columns that were declared since make it another file. */
function fileOf({ layout }: EntityNamesParts, { version, keyColumn, names }: NamesOf): string {
  const hash = createHash('sha256').update(JSON.stringify([FORM, version.contentHash, keyColumn, names])).digest('hex').slice(0, 16)
  return path.join(layout.entityNamesDir(version.dataset, version.number), `${hash}.sqlite`)
}

async function isThere(file: string): Promise<boolean> {
  return (await readdir(path.dirname(file)).catch(whenAbsent<string[]>([]))).includes(path.basename(file))
}

async function write(parts: EntityNamesParts, file: string, { version, keyColumn, names }: NamesOf): Promise<void> {
  const unfinished = `${file}.${randomUUID()}.tmp`
  await mkdir(path.dirname(file), { recursive: true })
  const worker = parts.workers.take('profile')
  try {
    const source = versionSource(parts.layout, parts.versions, version)
    await readVersions(parts, [version], () => worker.call('entityNames', { source, keyColumn, names, path: unfinished }))
    await rename(unfinished, file)
  } finally {
    parts.workers.release(worker)
    await rm(unfinished, { force: true })
  }
}

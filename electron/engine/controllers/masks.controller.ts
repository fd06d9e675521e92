import { ProblemError } from '../../../shared/domain/problem.ts'
import { isoTime } from '../ledger/rows.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { Masks } from '../masks/masks.ts'
import { columnOf } from '../query/column-of.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'

export interface MasksControllerParts {
  versions: VersionsReader
  masks: Masks
  clock: () => number
}

export function masksController(api: Api, parts: MasksControllerParts) {
  const { masks, versions, clock } = parts
  return {
    reveals: api.masks.reveals.handler(({ context: { actor } }) => ({ now: isoTime(clock()), reveals: masks.reveals.of(actor) })),
    reveal: api.masks.reveal.handler(async ({ input: { columns, ...request }, context: { actor } }) => {
      const version = versions.latest(request.dataset) ?? findVersion(versions, request)
      return masks.reveals.reveal({ ...request, columns: await sensitiveOf(masks, version, columns) }, actor)
    }),
    hide: api.masks.hide.handler(({ input: { dataset }, context: { actor } }) => ({ hidden: masks.reveals.hide(dataset, actor) })),
  }
}

/** The wanted columns, or all that are sensitive. */
async function sensitiveOf(masks: Masks, version: VersionRow, wanted: readonly string[] | undefined): Promise<string[]> {
  const { columns: sensitive } = await masks.sensitive(version)
  const { dataset } = version
  if (sensitive.length === 0) throw new ProblemError('BAD_INPUT', `Nothing in ${dataset} is masked: no column of it is sensitive`, { hint: 'Its rows can be looked at as they are', details: { dataset } })
  if (wanted === undefined) return sensitive
  const names = wanted.map((name) => columnOf(version.columns, name).name)
  const open = names.find((name) => !sensitive.includes(name))
  if (open !== undefined) throw new ProblemError('BAD_INPUT', `Column "${open}" of ${dataset} is not masked`, { hint: `Masked: ${sensitive.join(', ')}`, details: { dataset, column: open } })
  return names
}

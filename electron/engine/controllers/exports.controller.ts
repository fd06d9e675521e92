import { z } from 'zod'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { type DiffKind, diffKindSchema } from '../../../shared/contract/compare.contract.ts'
import type { Difference } from '../exports/export-request.ts'
import type { ExportService } from '../exports/export-service.ts'
import type { CommandsStore } from '../ledger/commands.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { Looker } from '../masks/masks.ts'
import { columnOf } from '../query/column-of.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'
import { diffSpec, findPair, maskedOfPair, type PairParts } from './version-pair.ts'

export interface ExportsControllerParts extends PairParts {
  exporter: ExportService
  commands: CommandsStore
  clock: () => number
}

export function exportsController(api: Api, parts: ExportsControllerParts) {
  const { exporter, versions, commands, clock } = parts
  const must = (id: string) => {
    const found = exporter.find(id)
    if (found === null) throw new ProblemError('NOT_FOUND', `There is no export ${id}`)
    return found
  }
  const idBy = (answer: unknown): string => z.string().parse(answer)
  return {
    start: api.exports.start.handler(async ({ input: { commandId, against, ...request }, context: { actor } }) => {
      // The file of the first call is there already, which would look like somebody else's.
      const known = commands.answerTo(commandId, idBy)
      if (known !== null) return must(known)
      const version = findVersion(versions, request)
      const target = await exporter.prepare({ ...request, version, difference: against === undefined ? null : await differenceOf(parts, { version, against }, { actor }) }, actor)
      return must(commands.once({ id: commandId, at: clock() }, idBy, () => exporter.start(target, actor)))
    }),
    cancel: api.exports.cancel.handler(({ input, context }) => {
      exporter.cancel(must(input.id).id, context.actor)
      return must(input.id)
    }),
    get: api.exports.get.handler(({ input }) => must(input.id)),
    list: api.exports.list.handler(({ input }) => exporter.list(input.offset, input.limit)),
  }
}

interface Against {
  version: number
  key?: string[] | undefined
  kinds?: DiffKind[] | undefined
}

async function differenceOf(parts: PairParts, { version: { dataset, number }, against: { version: from, key, kinds } }: { version: VersionRow; against: Against }, by: Looker): Promise<Difference> {
  const pair = findPair(parts, { dataset, from, to: number, key })
  for (const name of pair.key) for (const { columns } of [pair.from, pair.to]) columnOf(columns, name)
  const masked = await maskedOfPair(parts, pair, by)
  const sensitive = (await Promise.all([pair.from, pair.to].map((version) => parts.masks.sensitive(version)))).flatMap(({ columns }) => columns)
  const revealed = [...new Set(sensitive)].filter((name) => !masked.includes(name.toLowerCase()))
  return { masked, revealed, from: pair.from, key: pair.key, kinds: kinds ?? [...diffKindSchema.options], spec: () => diffSpec(parts, pair, masked) }
}

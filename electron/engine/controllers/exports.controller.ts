import { z } from 'zod'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { ExportService } from '../exports/export-service.ts'
import type { CommandsStore } from '../ledger/commands.store.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'

export interface ExportsControllerParts {
  exporter: ExportService
  versions: VersionsReader
  commands: CommandsStore
  clock: () => number
}

export function exportsController(api: Api, { exporter, versions, commands, clock }: ExportsControllerParts) {
  const must = (id: string) => {
    const found = exporter.find(id)
    if (found === null) throw new ProblemError('NOT_FOUND', `There is no export ${id}`)
    return found
  }
  const idBy = (answer: unknown): string => z.string().parse(answer)
  return {
    start: api.exports.start.handler(async ({ input: { commandId, ...request }, context: { actor } }) => {
      // The file of the first call is there already, which would look like somebody else's.
      const known = commands.answerTo(commandId, idBy)
      if (known !== null) return must(known)
      const target = await exporter.prepare({ ...request, version: findVersion(versions, request) }, actor)
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

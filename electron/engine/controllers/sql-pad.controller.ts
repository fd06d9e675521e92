import { z } from 'zod'
import { namedQuerySchema, type NewStep, newStepSchema, type SqlFunction, type SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import type { EngineParts } from '../parts.ts'
import { checkText } from '../sql-pad/check-text.ts'
import { type NamedQueryParts, readNamedQueries, removeNamedQuery, saveNamedQuery } from '../sql-pad/named-queries.ts'
import { saveStep, type SaveStepParts } from '../sql-pad/save-step.ts'
import type { Sandboxes } from '../sql-pad/sandboxes.ts'
import { answerOnce } from './answer-once.ts'
import type { Api } from './api.ts'
import { currentOrAsOf } from './find-version.ts'

export type SqlPadControllerParts = SaveStepParts & NamedQueryParts & Pick<EngineParts, 'commands' | 'queries'> & { sandboxes: Sandboxes }

const removedSchema = z.object({ isRemoved: z.boolean() })
const clearedSchema = z.object({ removed: z.int() })

export function sqlPadController(api: Api, parts: SqlPadControllerParts) {
  const { workers, commands, queries, clock, versions } = parts
  let functions: Promise<{ functions: SqlFunction[] }> | null = null
  /** They are those of the DuckDB that the workers load. */
  const functionsOnce = (): Promise<{ functions: SqlFunction[] }> => {
    functions ??= workers.shared('analyst').call('functions', {}).catch((error: unknown) => {
      functions = null
      throw error
    })
    return functions
  }
  return {
    check: api.query.check.handler(async ({ input, signal }) => ({ statements: await checkText(parts, input, signal) })),
    names: api.query.names.handler(async ({ input }): Promise<SqlNames> => {
      parts.sandboxes.warm()
      const known = await functionsOnce()
      const datasets = currentOrAsOf(versions, input.asOf).filter(({ removedAt }) => removedAt === null)
      return { ...known, datasets: datasets.map(({ dataset, number, rowCount, columns }) => ({ dataset, version: number, rowCount, columns: columns.map(({ name, type }) => ({ name, type })) })) }
    }),
    history: api.query.history.handler(({ input: { text, offset, limit } }) => queries.list({ containing: text, offset, limit })),
    clearHistory: api.query.clearHistory.handler(({ input: { commandId }, context: { actor } }) =>
      commands.once({ id: commandId, at: clock() }, (answer) => clearedSchema.parse(answer), () => {
        const removed = queries.clear()
        parts.audit.append({ actor, action: 'clear-queries', target: 'history of queries', details: { removed } }, clock())
        return { removed }
      }),
    ),
    saved: api.query.saved.handler(() => readNamedQueries(parts)),
    save: api.query.save.handler(({ input: { commandId, ...query }, context: { actor } }) =>
      answerOnce(parts, { id: commandId, schema: namedQuerySchema, work: () => saveNamedQuery(parts, query, actor) }),
    ),
    remove: api.query.remove.handler(({ input: { commandId, name }, context: { actor } }) =>
      answerOnce(parts, { id: commandId, schema: removedSchema, work: async () => ({ isRemoved: await removeNamedQuery(parts, name, actor) }) }),
    ),
    saveStep: api.query.saveStep.handler(({ input: { commandId, ...step }, context: { actor }, signal }) => {
      const save = (): Promise<NewStep> => saveStep(parts, step, { actor, signal })
      return step.dryRun ? save() : answerOnce(parts, { id: commandId, schema: newStepSchema, work: save })
    }),
  }
}

import { z } from 'zod'
import { namedQuerySchema, newStepSchema, type SqlFunction, type SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import type { EngineParts } from '../parts.ts'
import { checkText } from '../sql-pad/check-text.ts'
import { type NamedQueryParts, readNamedQueries, removeNamedQuery, saveNamedQuery } from '../sql-pad/named-queries.ts'
import { saveStep, type SaveStepParts } from '../sql-pad/save-step.ts'
import type { Sandboxes } from '../sql-pad/sandboxes.ts'
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
    save: api.query.save.handler(async ({ input: { commandId, ...query }, context: { actor } }) => {
      const known = commands.answerTo(commandId, (answer) => namedQuerySchema.parse(answer))
      if (known !== null) return known
      const saved = await saveNamedQuery(parts, query, actor)
      return commands.once({ id: commandId, at: clock() }, (answer) => namedQuerySchema.parse(answer), () => saved)
    }),
    remove: api.query.remove.handler(async ({ input: { commandId, name }, context: { actor } }) => {
      const known = commands.answerTo(commandId, (answer) => removedSchema.parse(answer))
      if (known !== null) return known
      const isRemoved = await removeNamedQuery(parts, name, actor)
      return commands.once({ id: commandId, at: clock() }, (answer) => removedSchema.parse(answer), () => ({ isRemoved }))
    }),
    saveStep: api.query.saveStep.handler(async ({ input: { commandId, ...step }, context: { actor }, signal }) => {
      if (step.dryRun) return saveStep(parts, step, { actor, signal })
      const known = commands.answerTo(commandId, (answer) => newStepSchema.parse(answer))
      if (known !== null) return known
      const saved = await saveStep(parts, step, { actor, signal })
      return commands.once({ id: commandId, at: clock() }, (answer) => newStepSchema.parse(answer), () => saved)
    }),
  }
}

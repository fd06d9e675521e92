import { z } from 'zod'
import { type RunRef, runRefSchema } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import { markEntities, markStep, overrideCheck } from '../runs/interventions.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { Api } from './api.ts'
import { toRun } from './runs.controller.ts'

export type InterventionsControllerParts =
  & Pick<EngineParts, 'ledger' | 'runs' | 'steps' | 'versions' | 'checks' | 'entities' | 'marks' | 'audit' | 'commands' | 'clock'>
  & { manager: RunManager }

const overrideAnswerSchema = z.object({ run: runRefSchema, stillBlocking: z.array(z.object({ dataset: z.string(), rule: z.string() })) })
const markAnswerSchema = z.object({ run: runRefSchema, marked: z.int() })

export function interventionsController(api: Api, parts: InterventionsControllerParts) {
  const { runs, commands, manager, clock } = parts
  const must = ({ dataType, runNumber }: RunRef): RunRow => {
    const run = runs.find(dataType, runNumber)
    if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${dataType} #${runNumber}`, { hint: 'The runs screen and "strata runs" list them' })
    return run
  }
  const refOf = ({ dataType, runNumber }: RunRow): RunRef => ({ dataType, runNumber })
  const once = <T>(id: string, schema: z.ZodType<T>, work: () => T): T => commands.once({ id, at: clock() }, (answer) => schema.parse(answer), work)

  return {
    override: api.interventions.override.handler(({ input: { commandId, run: ref, ...request }, context: { actor } }) => {
      const answer = once(commandId, overrideAnswerSchema, () => {
        const { run, stillBlocking } = overrideCheck(parts, manager, { ref, actor, ...request })
        return { run: refOf(run), stillBlocking }
      })
      return { ...answer, run: toRun(must(answer.run)) }
    }),
    markStep: api.interventions.markStep.handler(({ input: { commandId, run: ref, ...request }, context: { actor } }) =>
      toRun(must(once(commandId, runRefSchema, () => refOf(markStep(parts, manager, { ref, actor, ...request }))))),
    ),
    markEntities: api.interventions.markEntities.handler(({ input: { commandId, run: ref, ...request }, context: { actor } }) => {
      const answer = once(commandId, markAnswerSchema, () => {
        const { run, marked } = markEntities(parts, manager, { ref, actor, ...request })
        return { run: refOf(run), marked }
      })
      return { ...answer, run: toRun(must(answer.run)) }
    }),
    stepMarks: api.interventions.stepMarks.handler(({ input }) => ({ marks: parts.marks.ofSteps(must(input.run).id).map(({ dataset, mark }) => ({ dataset, mark })) })),
  }
}

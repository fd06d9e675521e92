import { z } from 'zod'
import type { QuarantineTarget } from '../../../shared/contract/quarantine.contract.ts'
import { runRefSchema } from '../../../shared/contract/runs.contract.ts'
import type { EngineParts } from '../parts.ts'
import { acceptRecords, correctRecord, ignoreRecords, type RecordValues, undoDecisions } from '../quarantine/decide.ts'
import { judgeCorrection, refuseWrong } from '../quarantine/judge-correction.ts'
import { mustFindRecord, recordDetail, type QuarantineReaderParts, valuesOf } from '../quarantine/record-detail.ts'
import { rerunDecided } from '../quarantine/rerun.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { Api } from './api.ts'

export type QuarantineControllerParts =
  & QuarantineReaderParts
  & Pick<EngineParts, 'ledger' | 'decisions' | 'audit' | 'events' | 'commands' | 'runs' | 'steps' | 'clock'>
  & { manager: RunManager }

const changedSchema = z.object({ changed: z.int() })
const rerunSchema = z.object({ runs: z.array(z.object({ run: runRefSchema, resumed: z.boolean(), datasets: z.array(z.string()) })) })

export function quarantineController(api: Api, parts: QuarantineControllerParts) {
  const { quarantine, commands, clock, manager } = parts
  const once = <T>(id: string, schema: z.ZodType<T>, work: () => T): T => commands.once({ id, at: clock() }, (answer) => schema.parse(answer), work)
  const until = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal

  return {
    list: api.quarantine.list.handler(({ input: { offset, limit, ...filter } }) => quarantine.page(filter, { offset, limit })),
    groups: api.quarantine.groups.handler(({ input: { offset, limit, ...filter } }) => quarantine.groups(filter, { offset, limit })),
    show: api.quarantine.show.handler(({ input, signal }) => recordDetail(parts, input.id, until(signal))),
    queues: api.quarantine.queues.handler(() => ({ queues: quarantine.queues() })),
    accounts: api.quarantine.accounts.handler(({ input }) => ({ accounts: quarantine.accounts(input) })),
    judge: api.quarantine.judge.handler(async ({ input: { id, fields }, signal }) => ({ issues: judgeCorrection(parts, await recordDetail(parts, id, until(signal)), fields) })),
    correct: api.quarantine.correct.handler(async ({ input: { commandId, id, fields, reason, anyway }, context: { actor }, signal }) => {
      const detail = await recordDetail(parts, id, until(signal))
      const values = Object.fromEntries(detail.fields.map(({ column, value }) => [column, value]))
      return once(commandId, changedSchema, () => {
        refuseWrong(detail.record, judgeCorrection(parts, detail, fields), { anyway })
        return { changed: correctRecord(parts, { record: detail.record, fields, reason, actor }, values) }
      })
    }),
    accept: api.quarantine.accept.handler(async ({ input: { commandId, target, reason }, context: { actor }, signal }) => {
      const values = await targetValues(parts, target, until(signal))
      return once(commandId, changedSchema, () => ({ changed: acceptRecords(parts, target, { reason, actor, values }) }))
    }),
    ignore: api.quarantine.ignore.handler(async ({ input: { commandId, target, reason }, context: { actor }, signal }) => {
      const values = await targetValues(parts, target, until(signal))
      return once(commandId, changedSchema, () => ({ changed: ignoreRecords(parts, target, { reason, actor, values }) }))
    }),
    undo: api.quarantine.undo.handler(({ input: { commandId, target }, context: { actor } }) => once(commandId, changedSchema, () => ({ changed: undoDecisions(parts, target, actor) }))),
    rerun: api.quarantine.rerun.handler(({ input: { commandId, dataType }, context: { actor } }) =>
      once(commandId, rerunSchema, () => ({
        runs: rerunDecided(parts, manager, { dataType, actor }).map(({ run, ...rest }) => ({ run: { dataType: run.dataType, runNumber: run.runNumber }, ...rest })),
      })),
    ),
  }
}

/** What the records hold, dataset by dataset. */
async function targetValues(parts: QuarantineControllerParts, target: QuarantineTarget, signal: AbortSignal): Promise<RecordValues> {
  if (!('records' in target)) return new Map()
  const byDataset = new Map<string, string[]>()
  for (const id of target.records) {
    const record = mustFindRecord(parts, id)
    byDataset.set(record.dataset, [...(byDataset.get(record.dataset) ?? []), record.id])
  }
  const found: [string, Record<string, string | null>][] = []
  for (const [dataset, ids] of byDataset) found.push(...(await valuesOf(parts, dataset, { ids, signal })))
  return new Map(found)
}

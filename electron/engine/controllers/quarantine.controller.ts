import { z } from 'zod'
import type { CorrectionIssue, QuarantineDetail, QuarantineFilter, QuarantineTarget } from '../../../shared/contract/quarantine.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { runRefSchema } from '../../../shared/contract/runs.contract.ts'
import type { Masks } from '../masks/masks.ts'
import type { EngineParts } from '../parts.ts'
import { acceptRecords, correctRecord, ignoreRecords, type RecordValues, undoDecisions } from '../quarantine/decide.ts'
import { judgeCorrection, refuseWrong } from '../quarantine/judge-correction.ts'
import { type HiddenColumns, hiddenColumns, maskedDetail, maskedRecord, reasonWithoutValue, refuseMasks, sensitiveColumns, unsearchedDatasets } from '../quarantine/masked-quarantine.ts'
import { mustFindRecord, recordDetail, type QuarantineReaderParts, valuesOf } from '../quarantine/record-detail.ts'
import { rerunDecided } from '../quarantine/rerun.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { Api } from './api.ts'

export type QuarantineControllerParts =
  & QuarantineReaderParts
  & Pick<EngineParts, 'ledger' | 'decisions' | 'audit' | 'events' | 'commands' | 'runs' | 'steps' | 'clock'>
  & { manager: RunManager; masks: Masks }

const changedSchema = z.object({ changed: z.int() })
const rerunSchema = z.object({ runs: z.array(z.object({ run: runRefSchema, resumed: z.boolean(), datasets: z.array(z.string()) })) })

export function quarantineController(api: Api, parts: QuarantineControllerParts) {
  const { quarantine, commands, clock, manager } = parts
  const once = <T>(id: string, schema: z.ZodType<T>, work: () => T): T => commands.once({ id, at: clock() }, (answer) => schema.parse(answer), work)
  const sensitiveIn = async (target: QuarantineTarget): Promise<HiddenColumns> => {
    const datasets = new Set('records' in target ? target.records.map((id) => mustFindRecord(parts, id).dataset) : [target.dataset])
    const found = await Promise.all([...datasets].map((dataset) => sensitiveColumns(parts, dataset)))
    return new Map(found.flatMap((one) => [...one]))
  }

  return {
    ...quarantineLooks(api, parts),
    queues: api.quarantine.queues.handler(() => ({ queues: quarantine.queues() })),
    accounts: api.quarantine.accounts.handler(({ input }) => ({ accounts: quarantine.accounts(input) })),
    judge: api.quarantine.judge.handler(async ({ input: { id, fields }, context: { actor }, signal }) => {
      const detail = await recordDetail(parts, id, until(signal))
      const hidden = await hiddenColumns(parts, [detail.record.dataset], { actor })
      refuseMasks(fields, detail.record.dataset, hidden)
      return { issues: issuesAbout(parts, detail, { fields, hidden }) }
    }),
    correct: api.quarantine.correct.handler(async ({ input: { commandId, id, fields, reason, anyway }, context: { actor }, signal }) => {
      const detail = await recordDetail(parts, id, until(signal))
      const hidden = await hiddenColumns(parts, [detail.record.dataset], { actor })
      refuseMasks(fields, detail.record.dataset, hidden)
      const values = Object.fromEntries(detail.fields.map(({ column, value }) => [column, value]))
      const sensitive = await sensitiveColumns(parts, detail.record.dataset)
      return once(commandId, changedSchema, () => {
        refuseWrong(detail.record, issuesAbout(parts, detail, { fields, hidden }), { anyway })
        return { changed: correctRecord({ ...parts, sensitive }, { record: detail.record, fields, reason, actor }, values) }
      })
    }),
    accept: api.quarantine.accept.handler(async ({ input: { commandId, target, reason }, context: { actor }, signal }) => {
      const values = await targetValues(parts, target, until(signal))
      const sensitive = await sensitiveIn(target)
      return once(commandId, changedSchema, () => ({ changed: acceptRecords({ ...parts, sensitive }, target, { reason, actor, values }) }))
    }),
    ignore: api.quarantine.ignore.handler(async ({ input: { commandId, target, reason }, context: { actor }, signal }) => {
      const values = await targetValues(parts, target, until(signal))
      const sensitive = await sensitiveIn(target)
      return once(commandId, changedSchema, () => ({ changed: ignoreRecords({ ...parts, sensitive }, target, { reason, actor, values }) }))
    }),
    undo: api.quarantine.undo.handler(async ({ input: { commandId, target }, context: { actor } }) => {
      const sensitive = await sensitiveIn(target)
      return once(commandId, changedSchema, () => ({ changed: undoDecisions({ ...parts, sensitive }, target, actor) }))
    }),
    rerun: api.quarantine.rerun.handler(({ input: { commandId, dataType }, context: { actor } }) =>
      once(commandId, rerunSchema, () => ({
        runs: rerunDecided(parts, manager, { dataType, actor }).map(({ run, ...rest }) => ({ run: { dataType: run.dataType, runNumber: run.runNumber }, ...rest })),
      })),
    ),
  }
}

/** What somebody gave is theirs to see; the other values of the record are not. */
function issuesAbout(parts: QuarantineControllerParts, detail: QuarantineDetail, { fields, hidden }: { fields: Record<string, string | null>; hidden: HiddenColumns }): CorrectionIssue[] {
  const { dataset } = detail.record
  const isOpen = (issue: CorrectionIssue): boolean => issue.column in fields || mayTell({ dataset, column: issue.column }, hidden)
  return judgeCorrection(parts, detail, fields).map((issue) => (isOpen(issue) ? issue : { ...issue, message: reasonWithoutValue(issue) }))
}

/** What is in quarantine, as the one who asks may see it. */
function quarantineLooks(api: Api, parts: QuarantineControllerParts) {
  const { quarantine } = parts
  const unsearched = (filter: QuarantineFilter, actor: Actor): Promise<string[]> => unsearchedDatasets(parts, filter, { datasets: quarantine.queues().map(({ dataset }) => dataset), by: { actor } })
  return {
    list: api.quarantine.list.handler(async ({ input: { offset, limit, ...filter }, context: { actor } }) => {
      const { total, records } = quarantine.page(filter, { offset, limit, unsearched: await unsearched(filter, actor) })
      const hidden = await hiddenColumns(parts, records.map(({ dataset }) => dataset), { actor })
      return { total, records: records.map((record) => maskedRecord(record, hidden)) }
    }),
    groups: api.quarantine.groups.handler(async ({ input: { offset, limit, ...filter }, context: { actor } }) => {
      const { total, groups } = quarantine.groups(filter, { offset, limit, unsearched: await unsearched(filter, actor) })
      const hidden = await hiddenColumns(parts, groups.map(({ dataset }) => dataset), { actor })
      return { total, groups: groups.map((group) => (mayTell(group, hidden) ? group : { ...group, reason: reasonWithoutValue(group) })) }
    }),
    show: api.quarantine.show.handler(async ({ input, context: { actor }, signal }) => {
      const detail = await recordDetail(parts, input.id, until(signal))
      return maskedDetail(detail, await hiddenColumns(parts, [detail.record.dataset], { actor }))
    }),
  }
}

function until(signal: AbortSignal | undefined): AbortSignal {
  return signal ?? new AbortController().signal
}

/** A reason about a column that may be seen. */
function mayTell({ dataset, column }: { dataset: string; column: string | null }, hidden: HiddenColumns): boolean {
  const columns = hidden.get(dataset)
  return columns === undefined || (column !== null && !columns.has(column.toLowerCase()))
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

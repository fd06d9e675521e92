import type { QuarantineRecord, QuarantineTarget } from '../../../shared/contract/quarantine.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { MASK } from '../../../shared/domain/mask.ts'
import { didYouMean, parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { siftRules } from '../planning/check-timing.ts'
import type { DecisionRow, NewDecision } from '../ledger/decisions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { HiddenColumns } from './masked-quarantine.ts'
import { correctableColumns, listedVersion, mustFindRecord, stepOf } from './record-detail.ts'

/** Decisions about the quarantine. They change the ledger; rows follow with the next run. */

type Parts = Pick<EngineParts, 'ledger' | 'quarantine' | 'decisions' | 'versions' | 'audit' | 'events' | 'clock' | 'workspace'> & {
  /** Sensitive columns, whose values the audit trail does not hold. */
  sensitive: HiddenColumns
}

export interface Act {
  actor: Actor
  reason: string
}

/** What records hold, by id: looked up before, because it takes a worker. */
export type RecordValues = ReadonlyMap<string, Record<string, string | null>>

export interface Correction extends Act {
  record: QuarantineRecord
  fields: Record<string, string | null>
}

/**
 * Gives a record other values. Of one that could not be read, `known` are the fields that it has anyway; what neither gives is null.
 * @throws BAD_INPUT for a column that the dataset does not have
 */
export function correctRecord(parts: Parts, { record, fields, actor, reason }: Correction, known: Record<string, string | null>): number {
  const columns = correctable(parts, record.dataset)
  if (Object.keys(fields).length === 0) throw new ProblemError('BAD_INPUT', 'The correction gives no value', { hint: 'Give at least one column another value' })
  const unknown = columns.length === 0 ? undefined : Object.keys(fields).find((name) => !columns.includes(name))
  if (unknown !== undefined) {
    throw new ProblemError('BAD_INPUT', `${record.dataset} has no column "${unknown}" that could be corrected`, { hint: didYouMean(unknown, columns) ?? `Its columns are ${columns.join(', ')}`, details: { column: unknown } })
  }
  const earlier = record.decision === null || record.decision.forAll ? {} : record.decision.fields
  const isRow = record.rule !== null
  const all = isRow ? { ...earlier, ...fields } : { ...known, ...earlier, ...fields }
  return decide(parts, record, { kind: 'correct', fields: all, was: isRow ? wasOf(parts, record, { known, columns: Object.keys(all) }) : {}, rules: [], actor, reason })
}

/**
 * Lets rows in in spite of the rules they break.
 * @throws CONFLICT for a record that could not be read: there is no row to let in
 */
export function acceptRecords(parts: Parts, target: QuarantineTarget, { values, ...act }: Act & { values: RecordValues }): number {
  if (!('records' in target)) {
    refuseUnlessRule(parts, target)
    return decideForAll(parts, target, { kind: 'accept', ...act })
  }
  return sumOf(parts, target.records, (record) => {
    if (record.rule === null) throw new ProblemError('CONFLICT', `Record ${record.id.slice(0, 8)} of ${record.dataset} could not be read, so there is no row to let in`, { hint: 'Correct it, or ignore it' })
    return decide(parts, record, { kind: 'accept', ...accepted(parts, { ...record, rule: record.rule }, values.get(record.id) ?? {}), ...act })
  })
}

/** The row as it stands is let in: with the values that it was corrected to, and in spite of what was accepted of it before. */
function accepted(parts: Parts, record: QuarantineRecord & { rule: string }, known: Record<string, string | null>): Pick<NewDecision, 'fields' | 'was' | 'rules'> {
  const earlier = parts.decisions.activeOf(record.dataset, { record: record.id })
  const was = wasOf(parts, record, { known, columns: columnsOf(record) })
  const holds = earlier !== null && earlier.kind !== 'ignore' && Object.entries(earlier.was).every(([column, value]) => (known[column] ?? null) === value)
  if (!holds) return { fields: {}, was, rules: [record.rule] }
  return { fields: earlier.fields, was: { ...earlier.was, ...was }, rules: [...new Set([...earlier.rules, record.rule])] }
}

/** Leaves records out on purpose. */
export function ignoreRecords(parts: Parts, target: QuarantineTarget, { values, ...act }: Act & { values: RecordValues }): number {
  if (!('records' in target)) return decideForAll(parts, target, { kind: 'ignore', ...act })
  return sumOf(parts, target.records, (record) =>
    decide(parts, record, { kind: 'ignore', fields: {}, was: record.rule === null ? {} : wasOf(parts, record, { known: values.get(record.id) ?? {}, columns: columnsOf(record) }), rules: [], ...act }),
  )
}

/** Takes back what was decided about records, or about all with one reason. Nothing decided: nothing changes. */
export function undoDecisions(parts: Parts, target: QuarantineTarget, actor: Actor): number {
  if ('records' in target) return sumOf(parts, target.records, (record) => undoRecord(parts, record, actor))
  const decision = parts.decisions.activeOf(target.dataset, { signature: target.signature })
  return decision === null ? 0 : endDecision(parts, decision, actor)
}

function undoRecord(parts: Parts, { id, dataset, signature }: QuarantineRecord, actor: Actor): number {
  const decision = parts.decisions.activeOf(dataset, { record: id })
  if (decision === null) {
    if (parts.decisions.activeOf(dataset, { signature }) === null) return 0
    throw new ProblemError('CONFLICT', `Record ${id.slice(0, 8)} has no decision of its own: all of ${dataset} with this reason were decided together`, { hint: 'Undo that decision, for all of them' })
  }
  const changed = endDecision(parts, decision, actor)
  // What was decided about all of its kind holds again.
  const shared = parts.decisions.activeOf(dataset, { signature })
  if (shared !== null) parts.quarantine.settle({ record: id }, shared, parts.clock())
  return changed
}

function endDecision(parts: Parts, decision: DecisionRow, actor: Actor): number {
  const { id, dataset, kind, record, signature, fields } = decision
  const at = parts.clock()
  parts.decisions.end(id, { actor, at })
  const changed = parts.quarantine.settle({ decision: id }, null, at)
  note(parts, { actor, action: 'quarantine_undo', dataset, details: { decision: id, record, signature, records: changed }, before: { kind, fields }, after: {} })
  return changed
}

type Decided = Omit<NewDecision, 'dataset' | 'record' | 'signature' | 'at'>

function decide(parts: Parts, { id, dataset }: QuarantineRecord, decided: Decided): number {
  const at = parts.clock()
  const before = parts.decisions.activeOf(dataset, { record: id })
  const decision = parts.decisions.add({ ...decided, dataset, record: id, signature: null, at })
  const changed = parts.quarantine.settle({ record: id }, decision, at)
  const { kind, fields, was, rules, reason, actor } = decided
  note(parts, { actor, action: `quarantine_${kind}`, dataset, details: { record: id, reason, rules }, before: before === null ? was : { kind: before.kind, fields: before.fields }, after: { kind, fields } })
  return changed
}

function decideForAll(parts: Parts, { dataset, signature }: { dataset: string; signature: string }, { kind, actor, reason }: Act & { kind: 'accept' | 'ignore' }): number {
  const at = parts.clock()
  const before = parts.decisions.activeOf(dataset, { signature })
  const decision = parts.decisions.add({ dataset, record: null, signature, kind, fields: {}, was: {}, rules: kind === 'accept' ? [signature] : [], reason, actor, at })
  const changed = parts.quarantine.settle({ dataset, signature }, decision, at)
  // Records that the decision before let in by this reason, and that another keeps out.
  if (before?.kind === kind) parts.quarantine.replace(before.id, decision.id)
  else if (before !== null) parts.quarantine.settle({ decision: before.id }, decision, at)
  note(parts, { actor, action: `quarantine_${kind}`, dataset, details: { signature, reason, records: changed }, before: before === null ? {} : { kind: before.kind }, after: { kind } })
  return changed
}

interface Note {
  actor: Actor
  action: string
  dataset: string
  details: Record<string, unknown>
  before: Record<string, unknown>
  after: Record<string, unknown>
}

function note({ audit, events, clock, sensitive }: Parts, { actor, action, dataset, details, before, after }: Note): void {
  audit.append({ actor, action, target: dataset, details, before: recorded(before, sensitive.get(dataset)), after: recorded(after, sensitive.get(dataset)) }, clock())
  events.append({ kind: 'storage', dataset }, clock())
}

/** Values by column, also those under `fields`. */
function recorded(values: Record<string, unknown>, columns: ReadonlySet<string> | undefined): Record<string, unknown> {
  if (columns === undefined) return values
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isRecord(value) ? recorded(value, columns) : value !== null && columns.has(name.toLowerCase()) ? MASK : value]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sumOf(parts: Parts, ids: readonly string[], work: (record: QuarantineRecord) => number): number {
  return ids.map((id) => work(mustFindRecord(parts, id))).reduce((sum, changed) => sum + changed, 0)
}

function columnsOf({ column }: QuarantineRecord): string[] {
  return column === null ? [] : [column]
}

/**
 * What a row of a derived dataset held when it was decided about: its key names it, so its values may be others by the next run. A record
 * of a source is known by its contents, which are always those.
 */
function wasOf({ versions, quarantine }: Parts, record: QuarantineRecord, { known, columns }: { known: Record<string, string | null>; columns: readonly string[] }): Record<string, string | null> {
  const version = listedVersion({ versions, quarantine }, record.dataset)
  if (version === null || version.layout !== 'plain' || record.key === null) return {}
  return Object.fromEntries(columns.flatMap((name) => (name in known ? [[name, known[name] ?? null]] : [])))
}

function correctable({ versions, quarantine }: Parts, dataset: string): string[] {
  const version = listedVersion({ versions, quarantine }, dataset)
  return version === null ? [] : correctableColumns(version).map(({ name }) => name)
}

/** Only a rule can be waived: what cannot be read stays so. */
function refuseUnlessRule(parts: Parts, { dataset, signature }: { dataset: string; signature: string }): void {
  const rules = siftRules(stepOf(parts, dataset)?.contract ?? null).map(({ rule }) => rule)
  if (rules.includes(signature)) return
  const name = parseDatasetId(dataset)?.name ?? dataset
  throw new ProblemError('CONFLICT', `"${signature}" is no rule of ${dataset} that quarantines, so there are no rows to let in`, { hint: rules.length === 0 ? `The contract of ${name} quarantines nothing: correct the records, or ignore them` : `Its rules are ${rules.join(', ')}` })
}

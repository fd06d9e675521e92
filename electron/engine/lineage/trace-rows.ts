import path from 'node:path'
import type { DatasetColumns } from '../../../shared/contract/column-lineage.contract.ts'
import type { Trace, TracedRecord, TraceStage } from '../../../shared/contract/trace.contract.ts'
import { datasetIdSchema, parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import { findDelivered } from '../quarantine/find-delivered.ts'
import { columnOf } from '../query/column-of.ts'
import { versionSource } from '../runs/version-source.ts'
import type { ColumnValue } from '../workers/match-rows.wire.ts'
import type { VersionSource } from '../workers/wire.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { StepModel } from '../workspace/model.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import { differentSets, type Lead, leadByEntity, leadByValues, madeRows, namingValues } from './trace-path.ts'
import type { VersionColumns } from './version-columns.ts'

export interface TraceParts extends ReadParts {
  versions: VersionsReader
  workspace: WorkspaceService
  workers: WorkerPool
}

interface TraceRequest {
  version: VersionRow
  where: Readonly<Record<string, ColumnValue['value']>>
  /** Null: the whole row. */
  column: string | null
  columns: VersionColumns
  signal: AbortSignal | undefined
}

/** Rows of a stage that are shown, and followed. */
const MOST_ROWS = 20
/** Of them, those whose place in their file is looked up. */
const MOST_RECORDS = 3

/**
 * Rows and what they were made from, stage by stage. Nothing is guessed: where neither a copied value nor an entity leads on, the stage says
 * so and what lies above it is left out.
 */
export async function traceRows(parts: TraceParts, { version, where, column, columns, signal }: TraceRequest): Promise<Trace> {
  const chain = upstreamOf(parts.versions, version)
  const origins = new Map((await columns.of(chain, signal)).map((one) => [one.dataset, one]))
  const traced = column === null ? null : columnOf(version.columns, column).name
  const asked = Object.entries(where).map(([name, value]) => ({ column: columnOf(version.columns, name).name, value }))
  const leads = new Leads()
  leads.add(version, { how: 'asked', sets: [asked], by: asked.map((one) => one.column), isExact: true, reason: null, into: null, marked: traced === null ? null : [traced] })
  const stages: TraceStage[] = []
  for (const at of chain) {
    const found = leads.of(at)
    if (found === null) continue
    const stage = await stageOf(parts, at, found, signal)
    stages.push(stage)
    if (at === version && stage.rowCount === 0) throw noRow(version, where)
    await followOn(parts, { at, stage, found, origins, leads, statement: columns.statementOf(at), signal })
  }
  return { dataset: version.dataset, version: version.number, column: traced, stages }
}

function noRow({ dataset, number }: VersionRow, where: TraceRequest['where']): ProblemError {
  const values = Object.entries(where).map(([column, value]) => `${column} ${value === null ? 'empty' : `= ${String(value)}`}`)
  return new ProblemError('NOT_FOUND', `${dataset} v${number} has no row with ${values.join(' and ')}`, { details: { dataset, version: number }, hint: 'Look at the values as the grid shows them' })
}

/** A version and all that it was made from, each after everything that was made from it. */
function upstreamOf(versions: VersionsReader, start: VersionRow): VersionRow[] {
  const known = new Map([[start.id, start]])
  const order: VersionRow[] = []
  const done = new Set<number>()
  const visit = (version: VersionRow): void => {
    if (done.has(version.id)) return
    done.add(version.id)
    for (const input of versions.inputsOf(version.id)) {
      const same = known.get(input.id) ?? input
      known.set(input.id, same)
      if (input.dataset !== version.dataset) visit(same)
    }
    order.push(version)
  }
  visit(start)
  return order.toReversed()
}

interface Found {
  how: TraceStage['how']
  sets: ColumnValue[][]
  by: string[]
  isExact: boolean
  reason: string | null
  into: string[]
  /** Null: all of the row. */
  marked: string[] | null
}

/** What leads to each version, joined where several stages lead to it. */
class Leads {
  readonly #byId = new Map<number, Found>()

  of({ id }: VersionRow): Found | null {
    return this.#byId.get(id) ?? null
  }

  add({ id }: VersionRow, lead: Omit<Found, 'into'> & { into: string | null }): void {
    const into = lead.into === null ? [] : [lead.into]
    const before = this.#byId.get(id)
    if (before === undefined) {
      this.#byId.set(id, { ...lead, into })
      return
    }
    const isFound = (how: Found['how']): boolean => how === 'values' || how === 'entity'
    this.#byId.set(id, {
      how: isFound(before.how) ? before.how : lead.how,
      sets: differentSets([...before.sets, ...lead.sets]),
      by: [...new Set([...before.by, ...lead.by])],
      isExact: before.isExact && lead.isExact,
      reason: before.reason ?? lead.reason,
      into: [...before.into, ...into],
      marked: before.marked === null || lead.marked === null ? null : [...new Set([...before.marked, ...lead.marked])],
    })
  }
}

async function stageOf(parts: TraceParts, version: VersionRow, { how, sets, by, isExact, reason, into, marked }: Found, signal: AbortSignal | undefined): Promise<TraceStage> {
  const name = parseDatasetId(version.dataset)
  if (name === null) throw new ProblemError('INTERNAL', `The ledger names a dataset "${version.dataset}"`)
  const about = { dataset: version.dataset, version: version.number, zone: name.zone, by, isExact, into, columns: version.columns, marked: marked ?? [] }
  if (version.removedAt !== null) return { ...about, how: 'unknown', reason: 'its files were removed by the retention policy', rowsJson: '[]', rowCount: 0, records: [] }
  if (sets.length === 0) return { ...about, how: how === 'unknown' ? how : 'none', reason, rowsJson: '[]', rowCount: 0, records: [] }
  const source = versionSource(parts.layout, parts.versions, version)
  const { rowsJson, rowCount } = await readVersions(parts, [version], () => readWithRetry(parts.workers, 'matchRows', { input: { source, sets, limit: MOST_ROWS }, signal }))
  const rows = JSON.parse(rowsJson) as unknown[][]
  return { ...about, how: rowCount === 0 ? 'none' : how, reason, rowsJson, rowCount, records: version.sourceHash === null ? [] : await recordsOf(parts, version, rows, signal) }
}

interface Following {
  at: VersionRow
  stage: TraceStage
  found: Found
  origins: ReadonlyMap<string, DatasetColumns>
  leads: Leads
  statement: string | null
  signal: AbortSignal | undefined
}

async function followOn(parts: TraceParts, { at, stage, found, origins, leads, statement, signal }: Following): Promise<void> {
  if (stage.how === 'unknown' || stage.how === 'none') return
  const own = origins.get(at.dataset)?.columns ?? []
  const rows = JSON.parse(stage.rowsJson) as unknown[][]
  for (const input of parts.versions.inputsOf(at.id)) {
    if (input.dataset === at.dataset) continue
    const marked = markedIn(input.dataset, own, found.marked)
    if (marked !== null && marked.length === 0) continue
    const request = { input: input.dataset, origins: own, columns: at.columns, rows }
    const lead = leadTo(parts, { at, input, request })
    const exact = statement === null ? null : await exactLead(parts, { at, input, statement, request, signal })
    const shared = { into: at.dataset, marked }
    if (exact !== null) leads.add(input, { ...shared, how: 'values', sets: exact, by: lead.how === 'unknown' ? [] : lead.by, isExact: true, reason: cutReason(stage) })
    else if (lead.how === 'unknown') leads.add(input, { ...shared, how: 'unknown', sets: [], by: [], isExact: false, reason: lead.reason })
    else leads.add(input, { ...shared, how: lead.how, sets: lead.sets, by: lead.by, isExact: lead.how === 'entity', reason: lead.reason ?? cutReason(stage) })
  }
}

/** Rows of all inputs together over which a statement is run again and again. */
const MOST_REPLAYED = 200_000

interface ToReplay {
  at: VersionRow
  input: VersionRow
  statement: string
  request: Parameters<typeof leadByValues>[0]
  signal: AbortSignal | undefined
}

/** Rows of an input by which the statement makes the rows again, as values; null where that cannot be told, or not soon. */
async function exactLead(parts: TraceParts, { at, input, statement, request, signal }: ToReplay): Promise<ColumnValue[][] | null> {
  const inputs = parts.versions.inputsOf(at.id).filter(({ dataset }) => dataset !== at.dataset)
  const others = inputs.filter(({ id }) => id !== input.id)
  if (inputs.some(({ removedAt }) => removedAt !== null) || inputs.reduce((sum, { rowCount }) => sum + rowCount, 0) > MOST_REPLAYED) return null
  const sourceOf = (version: VersionRow): VersionSource => versionSource(parts.layout, parts.versions, version)
  const replay = {
    sql: statement, dataType: at.dataset.split('.', 1)[0] ?? '', variables: [], source: sourceOf(input), others: others.map(sourceOf), outputs: at.columns,
    rows: madeRows(request), limit: MOST_ROWS,
  }
  const found = await readVersions(parts, inputs, () => readWithRetry(parts.workers, 'replayRows', { input: replay, signal }))
  if (found === null || found.rowCount > MOST_ROWS) return null
  return (JSON.parse(found.rowsJson) as unknown[][]).map((row) => namingValues(input.columns, row))
}

function cutReason({ dataset, rowCount }: TraceStage): string | null {
  return rowCount > MOST_ROWS ? `only the first ${MOST_ROWS} of ${rowCount.toLocaleString('en')} rows of ${dataset} are followed` : null
}

/** Columns of an input whose values the marked ones take; null: that is not asked, or not known. */
function markedIn(input: string, own: DatasetColumns['columns'], marked: string[] | null): string[] | null {
  if (marked === null) return null
  const origins = own.filter(({ column }) => marked.includes(column))
  if (origins.some(({ unknown }) => unknown.length > 0)) return null
  return [...new Set(origins.flatMap(({ sources }) => sources.filter(({ dataset, ways }) => dataset === input && ways.includes('value')).map(({ column }) => column)))]
}

function leadTo(parts: TraceParts, { at, input, request }: { at: VersionRow; input: VersionRow; request: Parameters<typeof leadByValues>[0] }): Lead {
  const step = stepOf(parts, at.dataset)
  if (step?.kind === 'entity' && step.input === input.dataset) return leadByEntity(request, step.key)
  return leadByValues(request)
}

function stepOf({ workspace }: TraceParts, dataset: string): StepModel | undefined {
  return workspace.current().dataTypes.flatMap(({ steps }) => steps).find((step) => step.dataset === dataset)
}

/** Where the first rows of a raw version lie in their files. */
async function recordsOf(parts: TraceParts, version: VersionRow, rows: readonly unknown[][], signal: AbortSignal | undefined): Promise<TracedRecord[]> {
  const step = stepOf(parts, datasetIdSchema.parse(version.dataset))
  const [file, record] = ['_file', '_record'].map((name) => version.columns.findIndex((column) => column.isProvenance && column.name === name))
  if (step?.kind !== 'extract' || file === undefined || record === undefined || file === -1 || record === -1) return []
  const deliveries = parts.versions.deliveries(version.id)
  const found: TracedRecord[] = []
  for (const [row, values] of rows.slice(0, MOST_RECORDS).entries()) {
    const [name, ordinal] = [String(values[file]), Number(values[record])]
    const place = findDelivered(deliveries, name)
    if (place === null || !Number.isInteger(ordinal)) continue
    const kept = path.join(parts.layout.versionDir(version.dataset, version.number), DELIVERED_DIR, place.fileName)
    const request = { path: kept, member: place.member, record: ordinal, source: step.source }
    const located = await readVersions(parts, [version], () => readWithRetry(parts.workers, 'locate', { input: request, signal }))
    const { lines } = await readVersions(parts, [version], () =>
      readWithRetry(parts.workers, 'recordInFile', { input: { ...request, line: located.line, raw: null, declared: [] }, signal }),
    )
    found.push({ row, file: name, record: ordinal, line: located.line, place: located.place ?? null, path: parts.layout.relative(kept), lines })
  }
  return found
}

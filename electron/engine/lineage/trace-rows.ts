import type { DatasetColumns } from '../../../shared/contract/column-lineage.contract.ts'
import type { Trace, TraceStage } from '../../../shared/contract/trace.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import { columnOf } from '../query/column-of.ts'
import { stepOf } from '../quarantine/record-detail.ts'
import { versionSource } from '../runs/version-source.ts'
import type { ColumnValue } from '../workers/match-rows.wire.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { Looker, Masks } from '../masks/masks.ts'
import { exactLead } from './exact-lead.ts'
import { maskedStage, refuseMasked } from './masked-trace.ts'
import { MOST_ROWS, type TraceParts } from './trace-parts.ts'
import { differentSets, type Lead, leadByEntity, leadByValues } from './trace-path.ts'
import { recordsOf } from './traced-records.ts'
import type { VersionColumns } from './version-columns.ts'

interface TraceRequest {
  version: VersionRow
  where: Readonly<Record<string, ColumnValue['value']>>
  /** Null: the whole row. */
  column: string | null
  columns: VersionColumns
  masks: Masks
  by: Looker
}

/**
 * Rows and what they were made from, stage by stage. Nothing is guessed: where neither a copied value nor an entity leads on, the stage says
 * so and what lies above it is left out.
 */
export async function traceRows(parts: TraceParts, { version, where, column, columns, masks, by }: TraceRequest): Promise<Trace> {
  const { signal } = by
  await refuseMasked(masks, { version, where, by })
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
    const stage = await stageOf(parts, at, { ...found, signal })
    stages.push(stage)
    if (at === version && stage.rowCount === 0) throw noRow(version, where)
    await followOn(parts, { at, stage, found, origins, leads, statement: columns.statementOf(at), signal })
  }
  const shown = await Promise.all(stages.map((stage) => maskedStage(masks, { stage, version: versionOfStage(chain, stage), by })))
  return { dataset: version.dataset, version: version.number, column: traced, stages: shown }
}

function versionOfStage(chain: readonly VersionRow[], { dataset, version }: TraceStage): VersionRow {
  const found = chain.find((one) => one.dataset === dataset && one.number === version)
  if (found === undefined) throw new ProblemError('INTERNAL', `The trace has a stage ${dataset} v${version} that it did not come from`)
  return found
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

async function stageOf(parts: TraceParts, version: VersionRow, { how, sets, by, isExact, reason, into, marked, signal }: Found & { signal: AbortSignal | undefined }): Promise<TraceStage> {
  const name = parseDatasetId(version.dataset)
  if (name === null) throw new ProblemError('INTERNAL', `The ledger names a dataset "${version.dataset}"`)
  const about = { dataset: version.dataset, version: version.number, zone: name.zone, by, isExact, into, columns: version.columns, marked: marked ?? [] }
  if (version.removedAt !== null) return { ...about, how: 'unknown', reason: 'its files were removed by the retention policy', rowsJson: '[]', rowCount: 0, records: [] }
  if (sets.length === 0) return { ...about, how: how === 'unknown' ? how : 'none', reason, rowsJson: '[]', rowCount: 0, records: [] }
  const source = versionSource(parts.layout, parts.versions, version)
  const { rowsJson, rowCount } = await readVersions(parts, [version], () => readWithRetry(parts.workers, 'matchRows', { input: { source, sets, limit: MOST_ROWS }, signal }))
  const rows = JSON.parse(rowsJson) as unknown[][]
  return { ...about, how: rowCount === 0 ? 'none' : how, reason, rowsJson, rowCount, records: version.sourceHash === null ? [] : await recordsOf(parts, version, { rows, signal }) }
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
    const marked = input.dataset === at.dataset ? [] : markedIn(input.dataset, own, found.marked)
    if (marked !== null && marked.length === 0) continue
    const request = { input: input.dataset, origins: own, columns: at.columns, rows }
    const lead = leadTo(parts, { at, input, request })
    const exact = statement === null ? null : await exactLead(parts, { at, input, statement, request, signal })
    leads.add(input, { into: at.dataset, marked, ...foundBy(lead, exact, stage) })
  }
}

/** What was proven counts more than what was concluded. */
function foundBy(lead: Lead, exact: ColumnValue[][] | null, stage: TraceStage): Pick<Found, 'how' | 'sets' | 'by' | 'isExact' | 'reason'> {
  if (exact !== null) return { how: 'values', sets: exact, by: lead.how === 'unknown' ? [] : lead.by, isExact: true, reason: cutReason(stage) }
  if (lead.how === 'unknown') return { how: 'unknown', sets: [], by: [], isExact: false, reason: lead.reason }
  return { ...lead, isExact: lead.how === 'entity', reason: lead.reason ?? cutReason(stage) }
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

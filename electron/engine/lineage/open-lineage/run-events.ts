import { pathToFileURL } from 'node:url'
import path from 'node:path'
import type { ColumnWay, DatasetColumns } from '../../../../shared/contract/column-lineage.contract.ts'
import type { CheckResult, Run, RunStep } from '../../../../shared/contract/runs.contract.ts'
import type { RunState, StepState } from '../../../../shared/domain/run-status.ts'
import type { ChecksReader } from '../../ledger/checks.store.ts'
import type { CodeReader } from '../../ledger/code.store.ts'
import type { RunRow } from '../../ledger/runs.store.ts'
import type { StepsReader } from '../../ledger/steps.store.ts'
import type { VersionRow, VersionsReader } from '../../ledger/versions.store.ts'
import type { WorkspaceService } from '../../parts.ts'
import type { VersionColumns } from '../version-columns.ts'
import { type EventType, type FacetMaker, type Facets, type LineageDataset, type LineageEvent, lineageRunId, SCHEMA_URL } from './facets.ts'
import { stepOf } from '../../quarantine/record-detail.ts'

export interface RunEventsParts {
  workspace: WorkspaceService
  versions: VersionsReader
  steps: StepsReader
  checks: ChecksReader
  code: CodeReader
  columns: VersionColumns
  engineVersion: string
  namespace: string
  facet: FacetMaker
  producer: string
}

const RUN_ENDS: Readonly<Partial<Record<RunState, EventType>>> = { succeeded: 'COMPLETE', failed: 'FAIL', cancelled: 'ABORT', interrupted: 'ABORT' }
/** What was reused or skipped was not executed, and what waits has not ended. */
const STEP_ENDS: Readonly<Partial<Record<StepState, EventType>>> = { succeeded: 'COMPLETE', failed: 'FAIL', cancelled: 'ABORT' }

/** That a run has begun; null while it has not. */
export function startEvent(parts: RunEventsParts, run: RunRow): LineageEvent | null {
  return run.startedAt === null ? null : event(parts, { type: 'START', at: run.startedAt, ...runParts(parts, run) })
}

/**
 * What happened in the newest attempt of a run that has ended, in order: every step that was executed, with the versions it read
 * and wrote; the checks that were held against them; the end of the run itself. Empty while it has not ended.
 */
export async function endEvents(parts: RunEventsParts, run: RunRow, signal?: AbortSignal): Promise<LineageEvent[]> {
  const type = RUN_ENDS[run.state]
  if (type === undefined || run.startedAt === null) return []
  const { startedAt } = run
  const steps = parts.steps.describe(run.id).filter((step) => step.startedAt !== null && step.startedAt >= startedAt && STEP_ENDS[step.state] !== undefined)
  const checks = Map.groupBy(parts.checks.ofRun(run.id), ({ dataset }) => dataset)
  const events: LineageEvent[] = []
  for (const step of steps) events.push(...(await stepEvents(parts, { run, step, signal })), ...checkEvents(parts, { run, step, checks: checks.get(step.dataset) ?? [] }))
  const facets: Facets = run.problem === null ? {} : { errorMessage: parts.facet('errorMessage', { message: run.problem.message, programmingLanguage: 'SQL' }) }
  const end = runParts(parts, run)
  return [...events, event(parts, { type, at: run.finishedAt ?? startedAt, ...end, runFacets: { ...end.runFacets, ...facets } })]
}

/** Whether a step of the newest attempt has been executed. */
export function hasBegun({ steps }: RunEventsParts, { id, startedAt }: RunRow): boolean {
  return startedAt !== null && steps.describe(id).some((step) => step.finishedAt !== null && step.finishedAt >= startedAt)
}

interface EventParts {
  type: EventType
  at: string
  runId: string
  job: string
  runFacets: Facets
  jobFacets: Facets
  inputs?: LineageDataset[]
  outputs?: LineageDataset[]
}

function event({ namespace, producer }: RunEventsParts, { type, at, runId, job, runFacets, jobFacets, inputs = [], outputs = [] }: EventParts): LineageEvent {
  return { eventType: type, eventTime: at, run: { runId, facets: runFacets }, job: { namespace, name: job, facets: jobFacets }, inputs, outputs, producer, schemaURL: SCHEMA_URL }
}

function runIdOf({ namespace }: RunEventsParts, { dataType, runNumber, attempt }: Run): string {
  return lineageRunId([namespace, dataType, runNumber, attempt])
}

function runParts(parts: RunEventsParts, run: Run): Pick<EventParts, 'runId' | 'job' | 'runFacets' | 'jobFacets'> {
  const { description = null } = parts.workspace.current().dataTypes.find(({ name }) => name === run.dataType) ?? {}
  return {
    runId: runIdOf(parts, run),
    job: run.dataType,
    runFacets: { processing_engine: engineFacet(parts) },
    jobFacets: { jobType: parts.facet('jobType', { processingType: 'BATCH', integration: 'STRATA', jobType: 'PIPELINE' }), ...documentation(parts, 'jobDocumentation', description) },
  }
}

function engineFacet({ facet, engineVersion }: RunEventsParts) {
  return facet('processingEngine', { name: 'Strata', version: engineVersion })
}

function documentation({ facet }: RunEventsParts, kind: 'documentation' | 'jobDocumentation', description: string | null): Facets {
  return description === null ? {} : { documentation: facet(kind, { description }) }
}

interface StepOfRun {
  run: RunRow
  step: RunStep
  signal?: AbortSignal | undefined
}

async function stepEvents(parts: RunEventsParts, { run, step, signal }: StepOfRun): Promise<LineageEvent[]> {
  const { facet, versions } = parts
  const type = STEP_ENDS[step.state]
  if (type === undefined || step.startedAt === null) return []
  const version = type === 'COMPLETE' && step.version !== null ? versions.find(step.dataset, step.version) : null
  const shared = {
    runId: lineageRunId([parts.namespace, run.dataType, run.runNumber, run.attempt, step.dataset, step.startedAt]),
    job: step.dataset,
    runFacets: { parent: parentFacet(parts, run), processing_engine: engineFacet(parts) },
    jobFacets: jobFacets(parts, { run, step }),
  }
  const inputs = inputsOf(parts, { step, version })
  const outputs = version === null ? [{ namespace: parts.namespace, name: step.dataset, facets: {} }] : [await outputOf(parts, { version, inputs, signal })]
  const failed: Facets = step.problem === null ? {} : { errorMessage: facet('errorMessage', { message: step.problem.message, programmingLanguage: step.kind === 'entity' ? 'TypeScript' : 'SQL' }) }
  return [
    event(parts, { type: 'START', at: step.startedAt, ...shared, inputs: inputs.map(({ dataset }) => dataset) }),
    event(parts, { type, at: step.finishedAt ?? step.startedAt, ...shared, runFacets: { ...shared.runFacets, ...failed }, inputs: inputs.map(({ dataset }) => dataset), outputs }),
  ]
}

function parentFacet(parts: RunEventsParts, run: Run) {
  return parts.facet('parent', { run: { runId: runIdOf(parts, run) }, job: { namespace: parts.namespace, name: run.dataType } })
}

function jobFacets(parts: RunEventsParts, { run, step }: StepOfRun): Facets {
  const { facet, code, workspace } = parts
  const file = code.ofRun(run.id).get(step.dataset)?.find((one) => /\.(?:sql|ts)$/.test(one.file))
  const text = file === undefined ? null : code.text(file.sha256)
  const description = workspace.current().dataTypes.flatMap(({ steps }) => steps).find(({ dataset }) => dataset === step.dataset)?.contract?.description ?? null
  return {
    jobType: facet('jobType', { processingType: 'BATCH', integration: 'STRATA', jobType: `${step.kind.toUpperCase()}_STEP` }),
    ...documentation(parts, 'jobDocumentation', description),
    ...(text === null || file === undefined ? {} : file.file.endsWith('.sql') ? { sql: facet('sql', { query: text, dialect: 'duckdb' }) } : { sourceCode: facet('sourceCode', { language: 'TypeScript', sourceCode: text }) }),
  }
}

interface Input {
  /** Null for a file. */
  version: VersionRow | null
  dataset: LineageDataset
}

function inputsOf(parts: RunEventsParts, { step, version }: { step: RunStep; version: VersionRow | null }): Input[] {
  const { versions, facet, workspace } = parts
  const read = version === null ? step.inputs.flatMap(({ dataset, version: number }) => versions.find(dataset, number) ?? []) : versions.inputsOf(version.id).filter(({ dataset }) => dataset !== step.dataset)
  const files = version === null ? [] : versions.deliveries(version.id)
  return [
    ...read.map((input) => ({ version: input, dataset: { ...datasetOf(parts, input), inputFacets: { inputStatistics: facet('inputStatistics', { rowCount: input.rowCount, size: input.sizeBytes, fileCount: input.parts.length }) } } })),
    ...files.map(({ origin, records, sizeBytes }) => ({
      version: null,
      dataset: { ...placeOf(origin, workspace.current().root), facets: {}, inputFacets: { inputStatistics: facet('inputStatistics', { rowCount: records, size: sizeBytes, fileCount: 1 }) } },
    })),
  ]
}

/** A file by its path, an address by its host: the names that OpenLineage gives to both. */
function placeOf(origin: string, root: string): Pick<LineageDataset, 'namespace' | 'name'> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(origin) && URL.canParse(origin)) {
    const url = new URL(origin)
    return { namespace: `${url.protocol}//${url.host}`, name: url.pathname === '' ? '/' : url.pathname }
  }
  return { namespace: 'file', name: decodeURIComponent(pathToFileURL(path.resolve(root, origin)).pathname) }
}

function datasetOf(parts: RunEventsParts, { dataset, number, columns }: VersionRow): LineageDataset {
  const { facet, namespace } = parts
  const contract = stepOf(parts, dataset)?.contract
  const described = new Map(contract?.columns.map(({ name, description }) => [name.toLowerCase(), description]))
  return {
    namespace,
    name: dataset,
    facets: {
      schema: facet('schema', {
        fields: columns.map(({ name, type }, index) => {
          const description = described.get(name.toLowerCase()) ?? null
          return { name, type, ordinal_position: index + 1, ...(description === null ? {} : { description }) }
        }),
      }),
      version: facet('version', { datasetVersion: String(number) }),
      ...documentation(parts, 'documentation', contract?.description ?? null),
    },
  }
}

async function outputOf(parts: RunEventsParts, { version, signal }: { version: VersionRow; inputs: Input[]; signal: AbortSignal | undefined }): Promise<LineageDataset> {
  const { facet, columns } = parts
  const [known] = await columns.of([version], signal)
  const dataset = datasetOf(parts, version)
  return {
    ...dataset,
    facets: { ...dataset.facets, ...columnLineage(parts, known) },
    outputFacets: { outputStatistics: facet('outputStatistics', { rowCount: version.rowCount, size: version.sizeBytes, fileCount: version.parts.length }) },
  }
}

const INDIRECT: Readonly<Record<Exclude<ColumnWay, 'value'>, string>> = { join: 'JOIN', filter: 'FILTER', group: 'GROUP_BY', order: 'SORT', window: 'WINDOW' }

/** Nothing is said where nothing is known. */
function columnLineage({ facet, namespace }: RunEventsParts, known: DatasetColumns | undefined): Facets {
  const fields = (known?.columns ?? []).filter(({ sources }) => sources.length > 0).map(({ column, sources }) => {
    const inputFields = sources.map((source) => ({
      namespace,
      name: source.dataset,
      field: source.column,
      transformations: source.ways.map((way) => (way === 'value' ? { type: 'DIRECT', subtype: source.isSame ? 'IDENTITY' : 'TRANSFORMATION' } : { type: 'INDIRECT', subtype: INDIRECT[way] })),
    }))
    return [column, { inputFields }] as const
  })
  return fields.length === 0 ? {} : { columnLineage: facet('columnLineage', { fields: Object.fromEntries(fields) }) }
}

/** Checks are a job of their own that reads what the step wrote: that is where receivers look for assertions. */
function checkEvents(parts: RunEventsParts, { run, step, checks }: { run: RunRow; step: RunStep; checks: readonly CheckResult[] }): LineageEvent[] {
  const { facet, versions } = parts
  const version = step.version === null ? null : versions.find(step.dataset, step.version)
  const at = step.finishedAt
  if (checks.length === 0 || version === null || at === null) return []
  const shared = {
    runId: lineageRunId([parts.namespace, run.dataType, run.runNumber, run.attempt, step.dataset, at, 'checks']),
    job: `${step.dataset}.checks`,
    runFacets: { parent: parentFacet(parts, run), processing_engine: engineFacet(parts) },
    jobFacets: { jobType: facet('jobType', { processingType: 'BATCH', integration: 'STRATA', jobType: 'TEST' }) },
    inputs: [{ ...datasetOf(parts, version), inputFacets: { dataQualityAssertions: facet('dataQualityAssertions', { assertions: checks.map(assertionOf) }), dataQualityMetrics: facet('dataQualityMetrics', metricsOf(version, checks)) } }],
  }
  const isBlocked = checks.some(({ passed, severity, override }) => !passed && severity === 'block' && override === null)
  return [event(parts, { type: 'START', at, ...shared }), event(parts, { type: isBlocked ? 'FAIL' : 'COMPLETE', at, ...shared })]
}

function assertionOf({ rule, column, passed, severity, message, measure }: CheckResult): Record<string, unknown> {
  return {
    assertion: /^[a-z_]+(?=\()/.exec(rule)?.[0] ?? 'custom_sql',
    success: passed,
    name: rule,
    description: message,
    severity: severity === 'block' ? 'error' : 'warn',
    ...(column === null ? {} : { column }),
    ...(measure === null ? {} : { actual: String(measure.value) }),
  }
}

/** Of columns, what the checks counted anyway. */
function metricsOf({ rowCount, sizeBytes, parts }: VersionRow, checks: readonly CheckResult[]): Record<string, unknown> {
  const nulls = checks.flatMap(({ rule, column, failingRows }) => (column !== null && failingRows !== null && rule.startsWith('not_null(') ? [[column, { nullCount: failingRows }] as const] : []))
  return { rowCount, bytes: sizeBytes, fileCount: parts.length, columnMetrics: Object.fromEntries(nulls) }
}

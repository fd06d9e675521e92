import type { Finding, StepKind } from '../../../shared/contract/workspace.contract.ts'
import type { CheckSeverity } from '../../../shared/domain/check-severity.ts'
import type { ErrorClass, RetryPolicy } from '../../../shared/domain/error-class.ts'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import type { Tolerance } from '../../../shared/domain/quantity.ts'
import type { ColumnChange } from '../../../shared/domain/column-drift.ts'
import type { Metric } from '../../../shared/domain/metric.ts'
import type { Parameter, ParameterValues } from '../../../shared/domain/run-parameters.ts'
import type { ResumeMode } from '../../../shared/domain/resume-mode.ts'
import type { Zone } from '../../../shared/domain/zone.ts'
import type { LineageSink } from './lineage-sink.ts'
import type { IncrementalSpec, RemoteSpec } from './remote-model.ts'

/** What a workspace's files say, after every file was read and checked. Made by load-workspace.ts, read by everything else. */
export interface WorkspaceModel {
  /** Absolute path of the workspace folder. */
  root: string
  name: string
  label: string
  description: string | null
  limits: Limits
  /** Zones that are not named keep everything. */
  retention: RetentionPolicies
  /** Days that the log of a run is kept after its end; null: for ever. */
  keepLogsDays: number | null
  /** Where events of runs go; null where they go nowhere. */
  lineageSink: LineageSink | null
  /** Whether runs that were cut off go on by themselves. */
  resume: ResumeMode
  dataTypes: DataTypeModel[]
  findings: Finding[]
}

export interface Limits {
  /** DuckDB's memory limit for all runs together. */
  memoryMb: number
  threads: number
  /** Runs that may go on at the same time; they divide memory and threads between them. */
  runs: number
  /** Disk that copies may take which make large versions quick to look at. */
  copiesMb: number
}

/** A version goes when neither keeps it; null keeps none by itself. */
export interface RetentionPolicy {
  keepVersions: number | null
  /** Since it was replaced. */
  keepDays: number | null
}

export type RetentionPolicies = Partial<Record<Zone, RetentionPolicy>>

export interface ScheduleSpec {
  /** Five fields. */
  cron: string
  /** IANA name. */
  timeZone: string
  missed: 'run_once' | 'skip'
}

/** What starts a data type besides people and its schedule. */
export interface TriggerSpec {
  /** Sources whose files are watched. */
  files: string[]
  /** Data types after whose successful runs it runs. */
  after: string[]
}

/** Columns that say of an entity what people call it, and what others call it. */
export interface EntityNames {
  labels: string[]
  identifiers: string[]
}

export interface DataTypeModel {
  name: string
  label: string
  description: string | null
  /** Column that names an entity, where the data type has one. */
  entityKey: string | null
  /** Columns by which its entities are found, besides the key. */
  entityNames: EntityNames
  /** In the order in which they run: every step after the steps of this data type that it reads. */
  steps: StepModel[]
  /** What a run may be given. */
  parameters: Parameter[]
  schedule: ScheduleSpec | null
  triggers: TriggerSpec
  gates: GateSpec[]
  /** By file. Those with mistakes in them are findings only. */
  tests: StepTest[]
  /** False when an error in its files would make a run wrong; the findings say why. */
  runnable: boolean
  retry: Partial<Record<ErrorClass, RetryPolicy>>
}

/** Where a run waits until somebody has looked at data that it made. */
export interface GateSpec {
  name: string
  /** Datasets of the same data type that are up for approval. */
  shows: DatasetId[]
  /** `publish`, or the dataset whose step waits for the decision. */
  before: DatasetId
  message: string | null
}

/** Text that its column's type reads; of nested types JSON. */
export type TestCell = string | null

export interface TestTable {
  columns: string[]
  /** A cell for each column. */
  rows: TestCell[][]
}

/** What a dataset holds while a step is tested. */
export interface GivenTable extends TestTable {
  dataset: DatasetId
  /** Type of each column, and the dataset's other columns, which hold nothing; null: nobody knows them yet. */
  types: { name: string; type: string }[] | null
}

/** Given rows and the rows that a SQL step has to make of them. */
export interface StepTest {
  file: string
  name: string
  dataType: string
  /** What the step makes. */
  dataset: DatasetId
  description: string | null
  parameters: ParameterValues
  /** All that the step reads; datasets that are not named are empty. */
  given: GivenTable[]
  /** In any order; columns that are not named are not looked at. */
  expected: TestTable
}

/** `evolve`: it is on record and no more. */
export type DriftPolicy = 'evolve' | 'warn' | 'block'

interface StepBase {
  kind: StepKind
  /** The dataset it makes. */
  dataset: DatasetId
  dataType: string
  zone: Zone
  name: string
  /** Defining file, path in the workspace with forward slashes. */
  file: string
  /** Datasets it reads, also of other data types, each once. */
  inputs: DatasetId[]
  contract: DatasetContract | null
  /** What becomes of a version whose columns are other than those of the one before. */
  drift: DriftPolicy
  retry: Partial<Record<ErrorClass, RetryPolicy>>
}

export interface ExtractStep extends StepBase {
  kind: 'extract'
  source: SourceSpec
}

export interface SqlStep extends StepBase {
  kind: 'sql'
  /** The SELECT as written, comments and all. Short names resolve with `USE <data type>`. */
  sql: string
  /** Hash of the statement as parsed: the same when it only moved or was reformatted. */
  fingerprint: string
  /** Names of the parameters that it uses. */
  parameters: string[]
  /** Functions in it whose answer depends on the moment or on chance: the step is never taken as done. */
  volatile: string[]
  /** `grain: entity`: accounted for entity by entity. Null: for the dataset as a whole. */
  entity: EntityGrain | null
}

/** A SELECT whose rows depend on one entity's input rows each, so that it may run some entities at a time. */
export interface EntityGrain {
  /** Column of the output and of what is read that names the entity. */
  key: string
  maxFailed: { count: number } | { share: number }
  /** The author answers for it that a few entities at a time give the same rows; it is not checked. */
  isUnsafe: boolean
}

export interface EntityStep extends StepBase {
  kind: 'entity'
  /** Absolute path of the TypeScript processor. */
  processorPath: string
  /** Dataset whose rows are handed to the processor, grouped by `key`. */
  input: DatasetId
  key: string
  /** Tries per entity for retryable errors. */
  attempts: number
  /** Wait before an entity is tried again; doubled each time. */
  retryDelayMs: number
  timeoutMs: number
  concurrency: number
  /** Failed entities that a run accepts: a count, or a share of all from 0 to 1. */
  maxFailed: { count: number } | { share: number }
}

export type StepModel = ExtractStep | SqlStep | EntityStep

export type SourceFormat = 'csv' | 'json' | 'ndjson' | 'xml' | 'parquet' | 'xlsx' | 'sqlite' | 'duckdb' | 'arrow' | 'fixed'

/** A source of a pipeline, as pipeline.yaml declares it. */
export interface SourceSpec {
  name: string
  /** Files, globs or folders; relative to the workspace, or absolute. None where a server is asked. */
  files: string[]
  /** The server that is asked instead. */
  remote?: RemoteSpec
  incremental?: IncrementalSpec
  /** The source of the same data type whose deliveries it reads, instead of any of its own: it is one of that source's children. */
  childOf?: string
  format: SourceFormat
  /** copy: the file stays where it is; move: it is taken out of the inbox into the raw zone. */
  keep: 'copy' | 'move'
  /** Where it is missing or unreadable, the last good version stands in. */
  optional?: boolean
  /** Of text, as `encodingName` gives it, or `utf-16` and `utf-32` for either byte order; absent: found in the file. */
  encoding?: string
  /** Patterns of the members of archives to read; absent: those with the format's ending. */
  member?: string[]
  /** What becomes of a version with other columns; its contract may say otherwise. */
  drift?: DriftPolicy
  csv: CsvOptions
  /** Of a workbook only. */
  xlsx?: XlsxOptions
  /** Declared fields; without it, a record is taken as it is. JSON and XML only. */
  mapping?: RecordMapping
  /** Of an SQLite or DuckDB file only. */
  database?: DatabaseOptions
  /** Path to the records: `$.a.b[*]` in JSON, `a/b/c` in XML; null where each top-level value is a record. */
  record: string | null
  /** XML elements that are lists even when there is only one. */
  lists: string[]
  /** Declared DuckDB types by column. A value that does not fit goes to quarantine. Columns not named here: text (csv), by content (json, xml). */
  columns: Record<string, string>
  /** Of columns whose values are not written in the usual way. */
  formats?: Record<string, ColumnFormat>
  /** Of text in columns of fixed width: all its columns. */
  fixed?: FixedColumn[]
  /** Records that are left out and counted, by the first rule that wants them. */
  skip?: SkipRule[]
  /** Records that may go to quarantine before the step fails: a count, or a share from 0 to 1. null: any number. */
  tolerate: { count: number } | { share: number } | null
}

/** How the text of a column is written: as dates, as true and false, or else as numbers. */
export interface ColumnFormat {
  /** Formats as strptime has them; the first that fits counts. */
  dates: string[]
  decimal: '.' | ','
  thousands: string | null
  /** Text beside a number that goes. */
  strip: string[]
  /** 50% is 0.5. */
  percent: boolean
  trueText: string[]
  falseText: string[]
}

export interface FixedColumn {
  name: string
  /** Character where it begins, from 1. */
  start: number
  width: number
}

/** Records that a source leaves out: by an SQL condition over its columns, or by a regular expression on the record's text. */
export type SkipRule = { name: string } & ({ where: string } | { pattern: string })

export interface CsvOptions {
  /** null: found in the file. */
  delimiter: string | null
  quote: string | null
  escape: string | null
  header: boolean
  /** Text that means null, besides the empty unquoted field. */
  nullText: string[]
  skipLines: number
  comment: string | null
  /** Records with fewer fields than columns: `fill` makes the rest null; absent: they are rejected. */
  ragged?: 'fill'
  /** Lines at the end that are no records; blank ones behind them do not count. */
  skipFooter?: number
}

export interface XlsxOptions {
  /** Name, pattern of names, or number among the visible sheets, from 1. null: the first visible one. */
  sheet: string | number | null
  /** `A5:F`, as parseRange reads it. null: the whole sheet. */
  range: string | null
  /** Rows of the sheet that name the columns, from 1. `first`: the first that holds something. */
  headerRows: number[] | 'first' | 'none'
  /** Whether a merged cell counts once or in all of its places. */
  merged: 'first' | 'repeat'
  /** What becomes of a row with an error such as #N/A in it. `empty`: the cell counts as empty. */
  errors: 'quarantine' | 'empty'
  /** Text that means null, besides the empty cell. */
  nullText: string[]
}

/** How a nested record becomes a row, or the things inside it become rows of their own. */
export interface RecordMapping {
  fields: FieldSpec[]
  /** Null: a row for the record itself. */
  child: { record: string; keys: FieldSpec[] } | null
}

export interface FieldSpec {
  name: string
  /** As parseFieldPath reads it. */
  path: string
  /** One thing is a list of one. */
  isList: boolean
}

/** What is read of a database in a file; at most one of the two. */
export interface DatabaseOptions {
  /** null: the only table there is. */
  table: string | null
  /** One SELECT. SQLite only. */
  query: string | null
}

/** The promise of a dataset. */
export interface DatasetContract {
  file: string
  description: string | null
  /** Columns that name a row. */
  key: string[]
  columns: { name: string; type: string | null; description: string | null; /** Null: as what its values come from. */ sensitive: boolean | null }[]
  checks: CheckSpec[]
}

/** One rule, ready to become SQL. `rule` is its display name, for example `accepted_values(status)`. */
export type CheckSpec = { rule: string; severity: CheckSeverity } & (
  | { kind: 'type'; column: string; type: string }
  | { kind: 'not_null'; column: string }
  | { kind: 'unique'; columns: string[] }
  | { kind: 'accepted_values'; column: string; values: (string | number | boolean)[] }
  | { kind: 'range'; column: string; min: string | number | null; max: string | number | null }
  | { kind: 'pattern'; column: string; pattern: string }
  | { kind: 'relationship'; column: string; to: DatasetId; toColumn: string }
  | { kind: 'length'; column: string; min: number | null; max: number | null }
  | { kind: 'row_count'; min: number | null; max: number | null }
  /** Shares of the rows, 0 to 1. */
  | { kind: 'null_share'; column: string; max: number }
  | { kind: 'distinct'; column: string; min: Tolerance | null; max: Tolerance | null }
  /** Rows against the published version before, as shares: -0.1 is a tenth fewer. */
  | { kind: 'growth'; min: number | null; max: number | null }
  /** Age of the newest value of a column; without one, of the newest delivery that the version comes from. */
  /** Against the published versions before: the last `window` of them, when there are `atLeast` so many. */
  | { kind: 'anomaly'; metric: Metric; within: number | null; z: number | null; window: number; atLeast: number }
  /** Columns are other than in the published version before. Made for each version, not read from a file. */
  | { kind: 'drift'; changes: ColumnChange[]; against: number }
  | { kind: 'freshness'; column: string | null; maxAgeMs: number }
  /** Records in quarantine: a count, or a share of all that the step saw. */
  | { kind: 'quarantined'; max: Tolerance }
  | { kind: 'sql'; sql: string; inputs: DatasetId[] }
)

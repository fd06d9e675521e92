import type { DiffKind } from '../../../shared/contract/compare.contract.ts'
import type { DatasetName } from '../../../shared/domain/naming.ts'
import type { ParameterValues } from '../../../shared/domain/run-parameters.ts'
import type { Column, Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { CheckFacts } from '../contracts/check-facts.ts'
import type { ColumnOrigin } from '../query/column-lineage/column-lineage.ts'
import type { MadeBySql } from '../query/column-lineage/made-by-sql.ts'
import type { TableProfile } from './suggest.wire.ts'
import type { ChartOps } from './chart.wire.ts'
import type { CopyDir, CopyOps } from './copy.wire.ts'
import type { EntityNamesOps, EntityOps } from './entity.wire.ts'
import type { EvaluatedCheck, KeepRows, PairLikeness } from './checks.wire.ts'
import type { CheckSpec, SourceSpec } from '../workspace/model.ts'
import type { PivotOps, WritePivotOp } from './pivot.wire.ts'
import type { ProcessorSyntaxOps } from './processor-syntax.wire.ts'
import type { ProfileOps } from './profile.wire.ts'
import type { SandboxOps } from './sandbox.wire.ts'
import type { SqlPadOps } from './sql-pad.wire.ts'
import type { WriteDiffOp } from './write-diff.wire.ts'
import type { DeliveredFile } from './delivered-file.ts'
import type { LookOps } from './look.wire.ts'
import type { MatchRows, ReplayRows } from './match-rows.wire.ts'
import type { CaseBatch, FileRecord, FileRecordRequest, RejectedRecord, SiftInput, SiftOutput } from './sift.wire.ts'
import type { SeenSource, SqlVariable, VersionSource, WrittenVersion } from './version.wire.ts'

export type { EntityIndex, PartRef, SeenSource, SqlVariable, VersionSource, WrittenVersion } from './version.wire.ts'
import type { IngestOps } from './ingest-ops.ts'
import type { FetchInput, FetchNews, FetchOutput } from './fetch-wire.ts'

/** What the engine and its worker processes say to each other. Files travel by path, rows as JSON text. */

export type WorkerKind = 'run' | 'reader' | 'sandbox' | 'analyst' | 'export' | 'ingest' | 'profile' | 'copy'

/** Started by the host; the engine sees only this. */
export interface WorkerProcess {
  readonly pid: number | null
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, when the process is gone. `reason` is for people. */
  onExit(listener: (reason: string) => void): void
  /** SIGKILL, or the platform's like. */
  kill(): void
}

export type WorkerSpawner = (kind: WorkerKind) => WorkerProcess

/** Sent as the first message to every worker, and again when what it may take changes. */
export interface WorkerInit {
  memoryMb: number
  threads: number
  /** For spill files; the worker may write only here and where an operation says so. */
  tempDir: string
}

export interface ExtractResult extends WrittenVersion {
  files: DeliveredFile[]
  /** `rejects.parquet` in the folder, when there are any. */
  rejectsName: string | null
  quarantined: number
  skipped: number
  records: number
  /** What a person should know of how the files were read. */
  notes: string[]
  /** Of the column that was asked for. */
  highest?: string | null
}

/** What a processor made of one entity, as the engine writes it into the entity ledger. */
export interface EntityOutcome {
  entityId: string
  state: 'succeeded' | 'failed' | 'quarantined' | 'skipped'
  attempts: number
  rows: number
  durationMs: number
  error: string | null
  errorClass: string | null
}

/** Asked by the worker after the batch is on disk; answered once the ledger has it. */
export interface EntityBatch {
  journalBytes: number
  outcomes: EntityOutcome[]
}

export interface StatementAnalysis {
  id: string
  ok: boolean
  /** Dataset names as written, made lower case: two or three parts. */
  tables: { name: string; offset: number }[]
  /** Parameters that it asks for with getvariable. */
  variables: { name: string; offset: number }[]
  /** Functions in it that answer differently at another time. */
  volatile: string[]
  /** What is wrong with it: offset is a character position in the SQL, or null. */
  errors: { code: string; message: string; offset: number | null; suggestion: string | null }[]
  /** Hash of the parsed tree without positions: the same for a statement that only moved or was reformatted. */
  fingerprint: string | null
}

/** Two versions of a dataset, without the parts that both have: those hold the same rows. */
export interface DiffSpec {
  before: VersionSource
  after: VersionSource
  /** Columns that name a row; none: rows are compared as wholes. */
  key: string[]
  /** Lower case names of columns that are compared by their values and shown as masks. */
  masked: string[]
  /** A side whose key is known to name each row once need not be counted. */
  isUnique: { before: boolean; after: boolean }
}

export interface DiffCounts {
  added: number
  removed: number
  changed: number
  changedColumns: { column: string; count: number }[]
  /** Key values that name more than one row; null: none. */
  duplicates: { before: number; after: number; example: string | null } | null
}

/** A SELECT over pinned versions, with what its names and parameters mean. */
export interface SqlToRun {
  sql: string
  dataType: string
  reads: VersionSource[]
  variables: SqlVariable[]
}

/** Where engine and worker leave each other what they know of a step's entities, so that no list of them travels as a message. */
export interface EntityFiles {
  /** Parquet of entity and input_hash: every entity that is in the input. */
  hashes: string
  /** A JSON string a line: entities to process. */
  todo: string
  /** A JSON string a line: entities whose rows in the version before do not stay. */
  except: string
  /** Of those carried over: a JSON array of [entity, state, rows] for thousands of them a line, as the ledger takes them. */
  carried: string
  /** The same of those that one statement went through. */
  tallies: string
  /** A JSON array [entity, state, rows] a line: what the ledger knows to be processed. */
  results: string
}

/** What the entities of a new version are: those processed, and those carried over from the version before. */
export interface EntityAccount {
  key: string
  /** Datasets with entities show `_file` and `_record`: the statement needs them. */
  withProvenance: boolean
  files: EntityFiles
  /** `originals`: file with the rows as they were made where the version has others. */
  before: { source: VersionSource; index: string | null; originals: { path: string; replaced: number } | null } | null
}

/** Why a statement would give other rows if it ran a few entities at a time; `offset` is a character position in the SQL. */
export interface GrainProblem {
  message: string
  offset: number
  suggestion: string
}

/** Every operation: what goes in, what comes out, what the worker may ask meanwhile. */
export interface WorkerOps {
  run: {
    /**
     * Hashes and parses files into `outDir` (parts, rejects). With `keepIn`, copies the delivered files into that folder on the way;
     * it never moves them.
     */
    extract: { input: { source: SourceSpec; files: { path: string; name: string }[]; outDir: string; keepIn: string | null; highestOf?: string | null }; output: ExtractResult; ask: never }
    fetch: { input: FetchInput; output: FetchOutput; ask: FetchNews }
    /** Copies (reflink where it can) a delivered file, checking the hash on the way. */
    copyFile: { input: { from: string; to: string; sha256: string }; output: { sizeBytes: number }; ask: never }
    sql: {
      input: SqlToRun & { outDir: string; orderBy: string[]; entity?: EntityAccount | null }
      output: WrittenVersion
      ask: never
    }
    /** Which entities a step would work on, for a plan: counts and a page. `all`: there is nothing to compare them with. */
    lookAtEntities: {
      input: { key: string; reads: VersionSource[]; statement: SqlToRun | null; beforeIndex: string | null; offset: number; limit: number }
      output: { total: number; todo: number; entities: { entityId: string; reason: 'new' | 'changed' | 'all' }[] }
      ask: never
    }
    /** Hashes what each entity has in the input, and says which need work: those whose hash is another than in the index of the version before. */
    planEntities: {
      input: {
        key: string
        reads: VersionSource[]
        statement: (SqlToRun & { isUnsafe: boolean }) | null
        /** The version before is taken for entities that have not changed; null: none is. */
        beforeIndex: string | null
        /** JSON strings: only these are looked at, and all others stay. */
        namedFile: string | null
        /** JSON strings: done by an earlier attempt of this step. */
        finishedFile: string
        files: EntityFiles
      }
      output: { total: number; todo: number; carried: number; absent: string[]; withoutKey: number; withProvenance: boolean }
      ask: never
    }
    /**
     * The same SELECT, a chunk of entities at a time, each chunk a file that is on disk before it is asked for. A chunk whose data
     * fail is halved until the entity stands alone. `committed`: chunks that the ledger knows; the next is one more.
     */
    sqlChunks: {
      input: SqlToRun & { key: string; withProvenance: boolean; todoFile: string; chunkPrefix: string; committed: number; stopAfter: number }
      output: { quarantined: number; isStopped: boolean }
      ask: EntityBatch
    }
    /** Committed chunks, and the entities that are carried over, as the part of a version. */
    sealChunks: {
      input: SqlToRun & { chunkPaths: string[]; outDir: string; orderBy: string[]; account: EntityAccount }
      output: WrittenVersion
      ask: never
    }
    /** Calls the processor for every entity in `entitiesFile` (one JSON string a line), appends rows to the journal, asks after each batch. */
    entity: {
      input: {
        processorPath: string
        dataType: string
        runNumber: number
        parameters: ParameterValues
        source: VersionSource
        key: string
        entitiesFile: string
        journalPath: string
        attempts: number
        retryDelayMs: number
        timeoutMs: number
        concurrency: number
      }
      output: { processed: number }
      ask: EntityBatch
    }
    /**
     * Journal to parts, in one typed COPY, with the rows of entities that are carried over from the version before.
     */
    seal: {
      input: {
        processorPath: string
        journalPath: string
        outDir: string
        orderBy: string[]
        account: EntityAccount
      }
      output: WrittenVersion
      ask: never
    }
    /** Takes out of a version what does not belong in it, and puts in what somebody mended. */
    sift: { input: SiftInput; output: SiftOutput; ask: never }
    /** Hands over what is not in a version, thousands at a time. */
    rejectedCases: { input: { path: string; limit: number }; output: { total: number }; ask: CaseBatch }
    checks: {
      input: { target: VersionSource; dataType: string; reads: VersionSource[]; checks: CheckSpec[]; variables?: SqlVariable[]; facts: CheckFacts; keep: KeepRows | null }
      output: EvaluatedCheck[]
      ask: never
    }
    likeness: { input: { before: VersionSource; after: VersionSource; pairs: { from: string; to: string }[] }; output: PairLikeness[]; ask: never }
  }
  reader: LookOps & ChartOps & EntityOps & PivotOps & {
    page: {
      input: { source: SeenSource; columns: string[] | null; sort: Sort[]; filter: Filter[]; offset: number; limit: number; copyDir?: CopyDir }
      output: { columns: Column[]; rowsJson: string; rowCount: number }
      ask: never
    }
    count: { input: { source: SeenSource; filter: Filter[] }; output: { count: number }; ask: never }
    /** What can be promised of a version; `keys` are the key columns of other datasets. */
    profile: { input: { source: VersionSource; keys: { source: VersionSource; column: string }[] }; output: TableProfile; ask: never }
    matchRows: MatchRows
    replayRows: ReplayRows
    rejects: {
      input: { path: string; offset: number; limit: number }
      output: { total: number; records: { file: string; record: number | null; column: string | null; reason: string; raw: string }[] }
      ask: never
    }
    rejectedRecords: { input: { path: string; ids: string[] }; output: { records: RejectedRecord[] }; ask: never }
    recordInFile: { input: FileRecordRequest; output: FileRecord; ask: never }
    /** What differs between two versions; the reader remembers it for the pages. */
    diff: { input: DiffSpec; output: DiffCounts; ask: never }
    diffPage: { input: DiffSpec & { kind: DiffKind; offset: number; limit: number }; output: { rowsJson: string; rowCount: number }; ask: never }
    /** Physical line at which record number `record` begins in a delivered text file. */
    locate: { input: { path: string; member: string | null; record: number; source: Pick<SourceSpec, 'format' | 'csv' | 'xlsx' | 'encoding' | 'fixed'> }; output: { line: number | null; place?: string | null }; ask: never }
  }
  sandbox: SandboxOps
  profile: ProfileOps & EntityNamesOps
  copy: CopyOps
  analyst: SqlPadOps & ProcessorSyntaxOps & {
    /** What the columns of each SELECT come from. */
    columnLineage: { input: { statements: MadeBySql[] }; output: { id: string; columns: ColumnOrigin[] }[]; ask: never }
    /** Parses statements: exactly one SELECT each, dataset names with their places, allowed table functions only. */
    analyse: { input: { statements: { id: string; sql: string }[] }; output: StatementAnalysis[]; ask: never }
    /** Types each SELECT over empty typed tables, in the given order, so that steps can be checked before data exist. */
    describe: {
      input: {
        tables: { dataset: DatasetName; columns: { name: string; type: string }[] }[]
        statements: { id: string; dataset: DatasetName; sql: string; variables?: SqlVariable[] }[]
      }
      output: { id: string; columns: Column[] | null; error: { message: string; offset: number | null } | null }[]
      ask: never
    }
    /** What keeps SELECTs from running a few entities at a time, besides what was declared; an empty list when nothing does. */
    grain: {
      input: { statements: { id: string; sql: string; dataType: string; key: string; reads: { dataset: DatasetName; columns: { name: string; type: string }[] }[] }[] }
      output: { id: string; findings: GrainProblem[] }[]
      ask: never
    }
  }
  ingest: IngestOps
  export: {
    /** Reads whole files and says what they hold; null for one that is not there. */
    hashFiles: {
      input: { paths: string[] }
      output: { files: ({ sha256: string; sizeBytes: number; modifiedMs: number } | null)[] }
      ask: never
    }
    write: {
      input: {
        source: SeenSource
        columns: string[] | null
        sort: Sort[]
        filter: Filter[]
        format: 'csv' | 'parquet'
        /** Temporary file to write; the engine renames it when done. */
        path: string
      }
      output: { rowCount: number; sizeBytes: number; sha256: string }
      ask: never
    }
    writeDiff: WriteDiffOp<DiffSpec>
    writePivot: WritePivotOp
  }
}

export type OpName<K extends WorkerKind> = keyof WorkerOps[K] & string
type Op<K extends WorkerKind, N extends OpName<K>> = WorkerOps[K][N] extends { input: infer I; output: infer O; ask: infer A }
  ? { input: I; output: O; ask: A }
  : never
export type OpInput<K extends WorkerKind, N extends OpName<K>> = Op<K, N>['input']
export type OpOutput<K extends WorkerKind, N extends OpName<K>> = Op<K, N>['output']
export type OpAsk<K extends WorkerKind, N extends OpName<K>> = Op<K, N>['ask']

/** Progress of a running operation: share 0 to 1 or null, and a note. */
export interface OpProgress {
  share: number | null
  note: string | null
}

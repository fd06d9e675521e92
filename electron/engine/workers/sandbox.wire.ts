import type { QueryPlan } from '../../../shared/contract/query.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { StatementTest, StatementTestResult } from './step-test.wire.ts'
import type { SeenSource } from './version.wire.ts'

/** A statement that somebody typed, and what its names mean. */
export interface SandboxStatement {
  sql: string
  reads: SeenSource[]
  /** Whose datasets may be named `zone.name`; null: nobody's. */
  defaultDataType: string | null
  timeoutMs: number
}

export interface SandboxOps {
  /** The first rows as JSON text. */
  query: {
    input: SandboxStatement & { limit: number }
    output: { columns: Column[]; rowsJson: string; rowCount: number; truncated: boolean }
    ask: never
  }
  /** The rows as a Parquet file that can be paged like a version; `isCut`: there were more than `limit`. */
  store: {
    input: SandboxStatement & { limit: number | null; path: string; maxBytes: number }
    output: { columns: Column[]; rowCount: number; sizeBytes: number; isCut: boolean }
    ask: never
  }
  /** Runs it over given rows instead of versions, and holds what it gives against expected rows. */
  test: { input: StatementTest; output: StatementTestResult; ask: never }
  /** How DuckDB would run it, or with `analyze` how it did. */
  explain: { input: SandboxStatement & { analyze: boolean }; output: QueryPlan; ask: never }
}

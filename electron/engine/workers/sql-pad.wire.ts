import type { SqlFunction } from '../../../shared/contract/sql-pad.contract.ts'
import type { DatasetName } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'

/** What the analyst does for people who type SQL. */
export interface SqlPadOps {
  /** Types SELECTs over empty tables; none of them makes a table. `offset` is a character position in the statement. */
  typeQueries: {
    input: {
      tables: { dataset: DatasetName; columns: { name: string; type: string }[] }[]
      statements: { id: string; sql: string; defaultDataType: string | null }[]
    }
    output: { id: string; columns: Column[] | null; problem: { message: string; offset: number | null; hint: string | null } | null }[]
    ask: never
  }
  /** Functions that a SELECT of a person may call. */
  functions: { input: Record<string, never>; output: { functions: SqlFunction[] }; ask: never }
}

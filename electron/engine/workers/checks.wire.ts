import { z } from 'zod'
import type { CheckOutcome } from '../../../shared/contract/runs.contract.ts'
import { columnSchema } from '../../../shared/domain/table-query.ts'

/** Where rows that break rules go: a Parquet file a rule. */
export interface KeepRows {
  /** Absolute, and there. */
  dir: string
  /** Begins the names of the files: another one with every evaluation, because what reads them takes a file as unchanging. */
  prefix: string
}

/** Rows that break a rule, as a file of them: its name in the folder. */
export const keptRowsSchema = z.object({ file: z.string(), rowCount: z.int(), columns: z.array(columnSchema) })
export type KeptRows = z.infer<typeof keptRowsSchema>

export type CheckFinding = Omit<CheckOutcome, 'keptRows'>
export type EvaluatedCheck = CheckFinding & { kept: KeptRows | null; metrics: Record<string, number> }

/** `share`: of the new column's values, those that the old one has too; null where it has none. */
export interface PairLikeness {
  from: string
  to: string
  share: number | null
}

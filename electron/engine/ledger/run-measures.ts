import { FLAG_WINDOW, type MeasuredStep, type RunFlag, runFlags } from '../../../shared/domain/run-flags.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, text } from './rows.ts'

/** Steps that were executed; what was reused says nothing about time or rows. */
const EXECUTED = `
SELECT s.id, s.dataset_id, d.name AS dataset, s.finished_at - s.started_at AS ms, s.rows_out FROM steps s JOIN datasets d ON d.id = s.dataset_id
WHERE s.run_id = :runId AND s.state = 'succeeded' ORDER BY s.position`

const EARLIER = `
SELECT finished_at - started_at AS ms, rows_out FROM steps
WHERE dataset_id = :datasetId AND state = 'succeeded' AND id < :stepId ORDER BY id DESC LIMIT ${FLAG_WINDOW}`

/** The executed steps of a run with their executions before it. */
export function measuredSteps(ledger: Ledger, runId: number): MeasuredStep[] {
  const measure = (row: Record<string, unknown>) => ({ durationMs: intOrNull(row, 'ms'), rows: intOrNull(row, 'rows_out') })
  return ledger.all(EXECUTED, { runId }).map((row) => ({
    dataset: text(row, 'dataset'),
    ...measure(row),
    earlier: ledger.all(EARLIER, { datasetId: int(row, 'dataset_id'), stepId: int(row, 'id') }).map(measure),
  }))
}

/** What is unusual about a run that has just ended. A run of some entities is not like those before it. */
export function flagsOf(ledger: Ledger, run: { id: number; entities: readonly string[] | null }): RunFlag[] {
  return run.entities === null ? runFlags(measuredSteps(ledger, run.id)) : []
}

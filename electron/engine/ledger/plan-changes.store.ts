import { type PlanChange, planChangeSchema } from '../../../shared/contract/runs.contract.ts'
import { planChangeHead } from '../../../shared/domain/plan-changes.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { int, isoTime, json } from './rows.ts'
import type { RunRow } from './runs.store.ts'

export interface PlanChangesReader {
  /** Oldest first. */
  ofRun(runId: number): PlanChange[]
}

export interface PlanChangesStore extends PlanChangesReader {
  /** Written before the pass does anything, with its event, in one transaction. */
  record(run: RunRow, change: Pick<PlanChange, 'since' | 'changes'>, at: number): void
}

const INSERT = 'INSERT INTO plan_changes (run_id, attempt, at, since, changes) VALUES (:runId, :attempt, :at, :since, :changes)'

export function createPlanChangesStore(ledger: Ledger, events: EventsStore): PlanChangesStore {
  return {
    ofRun: (runId) =>
      ledger.all('SELECT attempt, at, since, changes FROM plan_changes WHERE run_id = :runId ORDER BY id', { runId }).map((row) =>
        planChangeSchema.parse({ at: isoTime(int(row, 'at')), attempt: row['attempt'], since: row['since'], changes: json(row, 'changes') }),
      ),
    record: ({ id: runId, dataType, runNumber, attempt }, { since, changes }, at) =>
      ledger.write(() => {
        ledger.run(INSERT, { runId, attempt, at, since, changes: JSON.stringify(changes) })
        events.append({ kind: 'plan', dataType, runNumber, text: planChangeHead({ since, attempt, changes }) }, at)
      }),
  }
}

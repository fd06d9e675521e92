import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunRow, RunsReader } from '../ledger/runs.store.ts'

/** The run that a reference names, or a problem that says where to look. */
export function mustFindRun(runs: RunsReader, { dataType, runNumber }: RunRef): RunRow {
  const run = runs.find(dataType, runNumber)
  if (run !== null) return run
  throw new ProblemError('NOT_FOUND', `There is no run ${dataType} #${runNumber}`, { hint: 'The runs screen and "strata runs" list them', details: { dataType, runNumber } })
}

import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { DONE_STEP_STATES, RERUNNABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { Button } from '../../ui/button.tsx'

/** Does a step and all that reads it again, under the run's number; nothing where that cannot be. */
export function RedoFrom({ run, step, onRedo }: { run: Run; step: RunStep; onRedo: (dataset: string) => void }) {
  if (!RERUNNABLE_RUN_STATES.has(run.state) || !DONE_STEP_STATES.has(step.state)) return null
  return <Button small icon='retry' iconSize={12} title='This step and all that reads it, under the same number' onClick={() => onRedo(step.dataset)}>Run again from here</Button>
}

import { useState } from 'react'
import type { CheckResult, Run } from '../../../shared/contract/runs.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { RESUMABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { useDecisions } from '../../api/use-decisions.ts'
import { Button } from '../../ui/button.tsx'
import { formatAbsolute } from '../../ui/format.ts'
import { Note } from '../../ui/note.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'

/** The way past a rule that blocks, for a run that it stopped. */
export function OverrideCheck({ run, check, others }: { run: Run; check: CheckResult; others: number }) {
  const toasts = useRunToasts()
  const decisions = useDecisions(toasts.onProblem)
  const [asking, setAsking] = useState(false)
  if (check.passed || check.severity !== 'block' || check.override !== null || !RESUMABLE_RUN_STATES.has(run.state)) return null
  return (
    <>
      <Button small icon='person' iconSize={12} onClick={() => setAsking(true)}>Override</Button>
      {asking && (
        <ReasonDialog title={`Let ${check.dataset} pass in spite of ${check.rule}?`} confirm={others === 0 ? 'Override and go on' : 'Override'} onClose={() => setAsking(false)} onConfirm={(reason) => void decisions.override(run, check, reason)}>
          <p>{check.message}. The result stays on record as it is, with your reason beside it. {others === 0 ? 'Nothing else blocks the run: it goes on and may publish.' : `${others} more ${others === 1 ? 'rule blocks' : 'rules block'} the run.`}</p>
        </ReasonDialog>
      )}
    </>
  )
}

/** Beside the rows that break it. */
export function OverrideNote({ check: { override } }: { check: CheckResult }) {
  if (override === null) return null
  return <div className='gate-note'><Note status='warning'><b>Overridden</b> by {actorText(override.actor)}, {formatAbsolute(override.at)}: {override.reason}</Note></div>
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { DONE_STEP_STATES, RESUMABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { useApi } from '../../api/api.tsx'
import { refOf } from '../../api/use-run-commands.ts'
import { useDecisions } from '../../api/use-decisions.ts'
import { Button } from '../../ui/button.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { MarkDialog, STEP_CHOICES } from './mark-dialog.tsx'

/** Lets a person say what a step counts as that did not make it. */
export function MarkStep({ run, step }: { run: Run; step: RunStep }) {
  const toasts = useRunToasts()
  const decisions = useDecisions(toasts.onProblem)
  const [asking, setAsking] = useState(false)
  if (!RESUMABLE_RUN_STATES.has(run.state) || DONE_STEP_STATES.has(step.state)) return null
  const choices = step.version === null ? STEP_CHOICES.slice(1) : STEP_CHOICES
  return (
    <>
      <Button small icon='person' iconSize={12} onClick={() => setAsking(true)}>Mark step</Button>
      {asking && <MarkDialog title={`Mark ${step.zone}.${step.name}`} choices={choices} mayResume onClose={() => setAsking(false)} onMark={(mark) => void decisions.markStep({ run, dataset: step.dataset, ...mark })} />}
    </>
  )
}

/** Who marked the step as what, and why; null when nobody did. */
export function useStepMark(run: Run, dataset: string): string | null {
  const { queries } = useApi()
  const marks = useQuery(queries.interventions.stepMarks.queryOptions({ input: { run: refOf(run) } }))
  const mark = marks.data?.marks.find((candidate) => candidate.dataset === dataset)?.mark
  return mark === undefined ? null : `${mark.as} by ${actorText(mark.actor)}: ${mark.reason}`
}

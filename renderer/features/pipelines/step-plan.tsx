import { useEffect, useRef } from 'react'
import { useRunPlanning } from '../../api/use-run-planning.ts'
import { RunPlanView } from '../../ui/run-plan-view.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import '../../ui/run-dialog.css'

interface StepPlanProps {
  dataType: string
  /** Changes whenever something is saved. */
  saved: string
  isChanged: boolean
}

/** What a run would do with the files as they are on disk, and why. */
export function StepPlan({ dataType, saved, isChanged }: StepPlanProps) {
  const { plan, entities, onRequest } = useRunPlanning(useRunToasts())
  useEffect(() => {
    onRequest({ dataType, entities: null })
    return () => onRequest(null)
  }, [dataType, onRequest])
  const { replan } = plan
  const planned = useRef(saved)
  useEffect(() => {
    if (planned.current === saved) return
    planned.current = saved
    replan()
  }, [saved, replan])
  return (
    <div className='step-plan'>
      {isChanged && <p className='test-words s12 t2'>Of the files as they are saved; what is in the editor counts once it is.</p>}
      <RunPlanView state={plan} entities={entities} refused={null} />
    </div>
  )
}

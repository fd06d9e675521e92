import { useMemo, useState } from 'react'
import type { PublishChange } from '../../../shared/contract/publish.contract.ts'
import type { Run } from '../../../shared/contract/runs.contract.ts'
import { problemOf } from '../../api/problem-of.ts'
import { usePublishChange } from '../../api/use-publish.ts'
import { refOf } from '../../api/use-run-commands.ts'
import { Button } from '../../ui/button.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { PublishDialog } from '../../ui/publish-dialog.tsx'
import { useToast } from '../../ui/toast.tsx'

/** Takes back what a run published, or makes it current again: whichever would change something now. */
export function PublishActions({ run }: { run: Run }) {
  if (run.state !== 'succeeded') return null
  return (
    <>
      <PublishAction run={run} kind='rollback_run' icon='undo' label='Roll back' ask={`Roll back ${run.dataType} #${run.runNumber}?`} done='is rolled back' />
      <PublishAction run={run} kind='promote_run' icon='check' label='Make current' ask={`Make ${run.dataType} #${run.runNumber} current?`} done='is current again' />
    </>
  )
}

interface PublishActionProps {
  run: Run
  kind: 'rollback_run' | 'promote_run'
  icon: IconName
  label: string
  ask: string
  done: string
}

function PublishAction({ run, kind, icon, label, ask, done }: PublishActionProps) {
  const { dataType, runNumber } = run
  const change = useMemo<PublishChange>(() => ({ kind, run: refOf({ dataType, runNumber }) }), [kind, dataType, runNumber])
  const { preview, refused, apply } = usePublishChange(change)
  const [asking, setAsking] = useState(false)
  const toast = useToast()
  const confirm = async (reason: string): Promise<void> => {
    try {
      await apply(reason)
      toast({ status: 'succeeded', title: `${dataType} #${runNumber} ${done}` })
    } catch (error) {
      const { message, hint } = problemOf(error)
      toast({ status: 'failed', title: message, ...(hint === null ? {} : { text: hint }) })
    }
  }
  // Refused for what is gone is worth a word; that there is nothing to change is not.
  const isOffered = preview !== undefined || refused?.code === 'VERSION_REMOVED'
  if (!isOffered) return null
  return (
    <>
      <Button icon={icon} onClick={() => setAsking(true)} disabledReason={refused?.message}>{label}</Button>
      {asking && <PublishDialog title={ask} confirm={`${label}: ${dataType} #${runNumber}`} preview={preview} refused={refused} onConfirm={(reason) => void confirm(reason)} onClose={() => setAsking(false)} />}
    </>
  )
}

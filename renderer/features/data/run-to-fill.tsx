import { useState } from 'react'
import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import { useRunPlanning } from '../../api/use-run-planning.ts'
import { useRunRequests } from '../../api/use-run-requests.ts'
import { ingestAddress, overviewAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RunDialog } from '../../ui/run-dialog.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'

interface RunToFillProps {
  /** The data type whose run would fill it; null when nothing is filled yet. */
  dataType: string | null
  dataTypes: readonly DataTypeOutline[]
  title: string
}

/** Nothing is published here: which run fills it. Of one data type, its plan comes first; where nothing has run at all, there is nothing to weigh. */
export function RunToFill({ dataType, dataTypes, title }: RunToFillProps) {
  const [isPlanning, setPlanning] = useState(false)
  const toasts = useRunToasts()
  const ask = useRunRequests(toasts)
  const runnable = dataTypes.filter((type) => type.runnable && (dataType === null || type.name === dataType))
  const what = dataType ?? 'all'
  return (
    <EmptyState
      icon='table'
      title={title}
      actions={
        <>
          {runnable.length > 0 && <Button variant='primary' icon='play' iconSize={13} onClick={() => (dataType === null ? ask({ dataType, entities: null }) : setPlanning(true))}>{`Run ${what}`}</Button>}
          <LinkButton href={ingestAddress()} icon='inbox'>Add data</LinkButton>
          <LinkButton href={overviewAddress}>Open overview</LinkButton>
        </>
      }
    >
      {isPlanning && dataType !== null && <PlanToFill dataType={dataType} dataTypes={dataTypes} onClose={() => setPlanning(false)} />}
      {runnable.length === 0 ? 'No data type can run yet: the overview says what its files need.' : explain(dataType)}
    </EmptyState>
  )
}

function PlanToFill({ dataType, dataTypes, onClose }: { dataType: string; dataTypes: readonly DataTypeOutline[]; onClose: () => void }) {
  const planning = useRunPlanning(useRunToasts())
  return <RunDialog open onClose={onClose} dataTypes={dataTypes} initial={dataType} {...planning} />
}

function explain(dataType: string | null): string {
  if (dataType === null) return 'Run all data types to fill them, each after those it reads. A run reads the sources, makes every dataset, checks them, and publishes them together.'
  return `Run ${dataType} to fill it. A run reads the sources, makes every dataset of ${dataType}, checks them, and publishes them together.`
}

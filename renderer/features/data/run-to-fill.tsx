import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import { useRunRequests } from '../../api/use-run-requests.ts'
import { overviewAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'

interface RunToFillProps {
  /** The data type whose run would fill it; null when nothing is filled yet. */
  dataType: string | null
  dataTypes: readonly DataTypeOutline[]
  title: string
}

/** Nothing is published here: which run fills it, one press away. */
export function RunToFill({ dataType, dataTypes, title }: RunToFillProps) {
  const ask = useRunRequests(useRunToasts())
  const runnable = dataTypes.filter((type) => type.runnable && (dataType === null || type.name === dataType))
  const what = dataType ?? 'all'
  return (
    <EmptyState
      icon='table'
      title={title}
      actions={
        <>
          {runnable.length > 0 && <Button variant='primary' icon='play' iconSize={13} onClick={() => ask({ dataType, entities: null })}>{`Run ${what}`}</Button>}
          <LinkButton href={overviewAddress}>Open overview</LinkButton>
        </>
      }
    >
      {runnable.length === 0 ? 'No data type can run yet: the overview says what its files need.' : explain(dataType)}
    </EmptyState>
  )
}

function explain(dataType: string | null): string {
  if (dataType === null) return 'Run all data types to fill them, each after those it reads. A run reads the sources, makes every dataset, checks them, and publishes them together.'
  return `Run ${dataType} to fill it. A run reads the sources, makes every dataset of ${dataType}, checks them, and publishes them together.`
}

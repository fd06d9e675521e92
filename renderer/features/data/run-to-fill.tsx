import { useState } from 'react'
import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { overviewAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'

interface RunToFillProps {
  /** The data type whose run would fill it; null when any would. */
  dataType: string | null
  dataTypes: readonly DataTypeOutline[]
  title: string
}

/** Nothing is published here: which run fills it, one press away. */
export function RunToFill({ dataType, dataTypes, title }: RunToFillProps) {
  const { client } = useApi()
  const { onQueued, onProblem } = useRunToasts()
  const [starting, setStarting] = useState(false)
  const runnable = dataTypes.filter((type) => type.runnable && (dataType === null || type.name === dataType))
  const first = runnable[0]
  const run = async (name: string): Promise<void> => {
    setStarting(true)
    try {
      onQueued(await client.runs.start({ commandId: crypto.randomUUID(), dataType: name }))
    } catch (error) {
      onProblem(problemOf(error))
    } finally {
      setStarting(false)
    }
  }
  return (
    <EmptyState
      icon='table'
      title={title}
      actions={
        <>
          {first !== undefined && <Button variant='primary' icon='play' iconSize={13} disabledReason={starting ? 'It is being queued' : null} onClick={() => void run(first.name)}>{`Run ${first.name}`}</Button>}
          <LinkButton href={overviewAddress}>Open overview</LinkButton>
        </>
      }
    >
      {first === undefined ? 'No data type can run yet: the overview says what its files need.' : `Run ${first.name} to fill it. A run reads the sources, makes every dataset of ${first.name}, checks them, and publishes them together.`}
    </EmptyState>
  )
}

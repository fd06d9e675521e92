import { useQuery } from '@tanstack/react-query'
import type { LiveStep } from '../../../shared/contract/live.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { formatBytes, formatCount, formatDuration, formatLeft, formatShare } from '../../ui/format.ts'

const ASK_EVERY_MS = 1_000

/** Pace, time left and memory of a run that is going on; a line for each running step. What the whole run has left is in its head. */
export function RunLive({ run }: { run: RunRef }) {
  const { queries } = useApi()
  const live = useQuery({ ...queries.live.run.queryOptions({ input: { run } }), refetchInterval: ASK_EVERY_MS, staleTime: 0 })
  if (live.data === undefined || live.data.steps.length === 0) return null
  const { steps, memoryBytes } = live.data
  return (
    <div className='run-live' role='group' aria-label='What is going on'>
      {steps.map((step) => <LiveLine key={step.dataset} step={step} />)}
      <span className='grow' />
      {memoryBytes !== null && <span>workers hold <b>{formatBytes(memoryBytes)}</b></span>}
    </div>
  )
}

function LiveLine({ step }: { step: LiveStep }) {
  const { dataset, share, elapsedMs, rows, rowsAreEstimated, rowsPerSecond, bytes, bytesPerSecond, etaMs } = step
  return (
    <span className='row row-12'>
      <span className='mono strong'>{dataset.slice(dataset.indexOf('.') + 1)}</span>
      <span>{share === null ? formatDuration(elapsedMs) : formatShare(share)}</span>
      {rows !== null && <span title={rowsAreEstimated ? 'Its share of the rows that it usually makes' : 'Rows that are on disk'}>{rowsAreEstimated ? '≈ ' : ''}<b>{formatCount(rows)}</b> rows{rowsPerSecond === null ? '' : `, ${formatCount(Math.round(rowsPerSecond))} a second`}</span>}
      {bytes !== null && <span><b>{formatBytes(bytes)}</b> written{bytesPerSecond === null ? '' : `, ${formatBytes(Math.round(bytesPerSecond))} a second`}</span>}
      {etaMs !== null && <span title='From the durations of earlier runs, and the more from its own pace the further it is'>{formatLeft(etaMs)}</span>}
    </span>
  )
}

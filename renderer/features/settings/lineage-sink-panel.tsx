import { useQuery } from '@tanstack/react-query'
import type { LineageSinkState } from '../../../shared/contract/open-lineage.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

const STATE_EVERY_MS = 5_000

/** Where events of runs go, by strata.yaml, and how far that is. */
export function LineageSinkPanel() {
  const { queries } = useApi()
  const state = useQuery({ ...queries.lineage.openLineageState.queryOptions(), refetchInterval: STATE_EVERY_MS })
  return (
    <>
      <PanelHead title='Lineage elsewhere' remark='OpenLineage' />
      {state.error !== null && <ErrorState inline problem={problemOf(state.error)} onRetry={() => void state.refetch()} />}
      {state.data !== undefined && <Sink state={state.data} />}
    </>
  )
}

function Sink({ state: { namespace, file, url, waitingBytes, sent, refused, lastSentAt, problem } }: { state: LineageSinkState }) {
  if (file === null && url === null) return <p className='block t3 s12'>Nobody is told of runs. <code>lineage.openlineage</code> in strata.yaml names a file or an address for their events.</p>
  return (
    <dl className='kv block'>
      <dt>Namespace</dt>
      <dd className='mono'>{namespace}</dd>
      {file !== null && <><dt>File</dt><dd className='mono'>{file}</dd></>}
      {url !== null && (
        <>
          <dt>Address</dt>
          <dd className='mono'>{url}</dd>
          <dt>Sent</dt>
          <dd>{formatCount(sent)}{lastSentAt !== null && <>, the last <TimeAgo at={lastSentAt} /></>}{refused > 0 && `; ${formatCount(refused)} were refused and are kept`}</dd>
          <dt>Waiting</dt>
          <dd>{waitingBytes === 0 ? 'nothing' : formatBytes(waitingBytes)}{problem !== null && <div><Status status='retrying' text={problem} /></div>}</dd>
        </>
      )}
    </dl>
  )
}

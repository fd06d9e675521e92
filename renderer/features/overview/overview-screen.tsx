import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Overview, WorkspaceSummary } from '../../../shared/contract/workspace.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { useRunPlanning } from '../../api/use-run-planning.ts'
import { useRunRequests } from '../../api/use-run-requests.ts'
import { PageHead } from '../../ui/bars.tsx'
import { ingestAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatBytes, formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { RunDialog } from '../../ui/run-dialog.tsx'
import type { RunRequest } from '../../ui/run-request.ts'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { FirstSteps } from './first-steps.tsx'
import { NeedsYou } from './needs-you.tsx'
import { NextUp } from './next-up.tsx'
import { OverviewEmpty } from './overview-empty.tsx'
import { RecentRuns } from './recent-runs.tsx'
import { ZoneMap } from './zone-map.tsx'
import './overview.css'

const RECENT = 12
const EVERYTHING = { dataType: undefined }

/** Where everything stands: the zone map, the last runs, and what needs a person. */
export function OverviewScreen() {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const overview = useQuery(queries.workspace.overview.queryOptions())
  const error = workspace.error ?? overview.error
  if (workspace.data !== undefined && overview.data !== undefined) return <Loaded workspace={workspace.data} overview={overview.data} />
  return (
    <div className='view'>
      <section className='main' aria-label='Overview'>
        <PageHead title='Overview' />
        {error === null ? <LoadingState rows={8}>Reading the workspace</LoadingState> : (
          <ErrorState
            problem={problemOf(error)}
            onRetry={() => {
              void workspace.refetch()
              void overview.refetch()
            }}
          />
        )}
      </section>
    </div>
  )
}

function Loaded({ workspace, overview }: { workspace: WorkspaceSummary; overview: Overview }) {
  const { host, queries, queryClient, client } = useApi()
  /** What the open run dialog begins with: a data type, or all of them. */
  const [dialog, setDialog] = useState<{ dataType: string | undefined } | null>(null)
  const toasts = useRunToasts()
  const ask = useRunRequests(toasts)
  const planning = useRunPlanning(toasts)
  const request = (wanted: RunRequest): void => ask(wanted)
  const recent = useQuery(queries.runs.list.queryOptions({ input: { limit: RECENT } }))
  const check = (): void => {
    void client.workspace.check().then((answer) => {
      queryClient.setQueryData(queries.workspace.get.queryKey(), answer)
      return queryClient.invalidateQueries({ queryKey: queries.workspace.overview.key() })
    })
  }
  const empty = overview.dataTypes.length === 0
  useShortcut('run.start', () => !empty && setDialog(EVERYTHING))
  const neverRun = !empty && overview.dataTypes.every((type) => type.lastRun === null)
  return (
    <div className='view'>
      <section className='main' aria-label='Overview' data-region='' tabIndex={-1}>
        <PageHead title='Overview' facts={factsOf(overview)} actions={<HeadActions runVariant={empty ? null : neverRun ? 'plain' : 'primary'} onCheck={check} onRun={() => setDialog(EVERYTHING)} />} />
        {empty ? <OverviewEmpty path={workspace.path} onCheck={check} onOpenWorkspace={host === null ? null : () => void host.openWorkspace()} /> : (
          <div className='overview scroll' tabIndex={0} role='group' aria-label='Zone map and recent runs'>
            {neverRun && <FirstRun workspace={workspace} onRunAll={() => request({ dataType: null, entities: null })} />}
            <ZoneMap overview={overview} outlines={workspace.dataTypes} onRun={(dataType) => setDialog({ dataType })} />
            {recent.data !== undefined && recent.data.runs.length > 0 && <RecentRuns runs={recent.data.runs} total={recent.data.total} />}
          </div>
        )}
      </section>
      {(!empty || workspace.findings.length > 0) && <NeedsYou attention={overview.attention} findings={workspace.findings} below={<><FirstSteps overview={overview} /><NextUp /></>} />}
      <RunDialog open={dialog !== null} onClose={() => setDialog(null)} dataTypes={workspace.dataTypes} initial={dialog?.dataType} {...planning} />
    </div>
  )
}

interface HeadActionsProps {
  /** Null when there is nothing to run; plain while something else on the page is the one thing to press. */
  runVariant: 'primary' | 'plain' | null
  onCheck: () => void
  onRun: () => void
}

function HeadActions({ runVariant, onCheck, onRun }: HeadActionsProps) {
  return (
    <>
      <LinkButton href={ingestAddress()} icon='inbox'>Add data</LinkButton>
      <Button icon='retry' onClick={onCheck} title='Read every file of the workspace again'>Check files</Button>
      {runVariant !== null && <Button variant={runVariant} icon='play' iconSize={13} onClick={onRun}>Run</Button>}
    </>
  )
}

/** Teaches the one thing to press when nothing has run yet. */
function FirstRun({ workspace, onRunAll }: { workspace: WorkspaceSummary; onRunAll: () => void }) {
  const runnable = workspace.dataTypes.filter((type) => type.runnable)
  const steps = runnable.reduce((sum, type) => sum + type.steps.length, 0)
  return (
    <div className='first-run'>
      <div className='grow'>
        <h2>Nothing has run yet</h2>
        <p>
          Run all reads the delivered files, keeps each as it came, and makes {countOf(steps, 'dataset')} from raw to results, checked before they are published. Bad records go to quarantine; nothing is lost.
        </p>
      </div>
      <Button variant='primary' icon='play' iconSize={13} onClick={onRunAll} disabledReason={runnable.length === 0 ? 'The files have mistakes: see the findings at the right' : null}>Run all</Button>
    </div>
  )
}

function factsOf({ totals, dataTypes }: Overview): string {
  if (dataTypes.length === 0) return 'no data type yet'
  if (totals.rows === 0) return `${countOf(dataTypes.length, 'data type')}, ${countOf(totals.datasets, 'dataset')}, none made yet`
  return `${countOf(dataTypes.length, 'data type')}, ${countOf(totals.datasets, 'dataset')}, ${formatCount(totals.rows)} current rows, ${formatBytes(totals.sizeBytes)} on disk`
}

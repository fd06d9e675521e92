import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Gate, ShownDataset } from '../../../shared/contract/gates.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { useDecisions } from '../../api/use-decisions.ts'
import { approvalAddress, goTo, runAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatAbsolute, formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { Status } from '../../ui/status.tsx'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ShownGrid } from './shown-grid.tsx'
import { ShownPanel } from './shown-panel.tsx'
import './gates.css'

const route = getRouteApi('/runs/$dataType/$runNumber/approval')

/** What a run has made so far and waits to be let go on with: the data, what is different, and two ways to decide. */
export function ApprovalScreen() {
  const { dataType, runNumber } = route.useParams()
  const { gate: wanted, dataset } = route.useSearch()
  const run = { dataType, runNumber: Number(runNumber) }
  const { queries } = useApi()
  const gates = useQuery(queries.gates.ofRun.queryOptions({ input: { run } }))
  const known = gates.data?.gates
  const gate = known?.find((candidate) => candidate.name === wanted) ?? known?.find((candidate) => candidate.state === 'waiting') ?? known?.at(-1)
  if (gate !== undefined) return <AtGate key={`${dataType}#${runNumber} ${gate.name}`} gate={gate} dataset={dataset} />
  return (
    <div className='view'>
      <section className='main' aria-label={`Approval of ${dataType} #${runNumber}`}>
        {gates.error !== null ? <ErrorState problem={problemOf(gates.error)} onRetry={() => void gates.refetch()} actions={<LinkButton small href={runAddress(run)}>Open run</LinkButton>} /> : known === undefined ? (
          <LoadingState rows={8}>Reading what is up for approval</LoadingState>
        ) : (
          <EmptyState icon='gate' title='This run has come to no gate' actions={<LinkButton href={runAddress(run)}>Open run</LinkButton>}>
            Gates are declared in <span className='mono'>pipelines/{dataType}/pipeline.yaml</span>. A run that reaches one waits here until somebody has looked at its data.
          </EmptyState>
        )}
      </section>
    </div>
  )
}

function AtGate({ gate, dataset }: { gate: Gate; dataset: string | undefined }) {
  const { queries } = useApi()
  const detail = useQuery(queries.gates.get.queryOptions({ input: { run: gate.run, gate: gate.name } }))
  const run = useQuery(queries.runs.get.queryOptions({ input: { run: gate.run } }))
  const shown = detail.data?.datasets.find((candidate) => candidate.dataset === dataset) ?? detail.data?.datasets[0]
  const isWaiting = gate.state === 'waiting' && run.data?.run.state === 'waiting'
  return (
    <div className='view'>
      <section className='main' aria-label={`Approval of ${gate.run.dataType} #${gate.run.runNumber}`} data-region='' tabIndex={-1}>
        <GateHead gate={gate} isWaiting={isWaiting} />
        <Decision gate={gate} isWaiting={isWaiting} runState={run.data?.run.state} />
        {shown === undefined ? <NotShown error={detail.error} onRetry={() => void detail.refetch()} /> : <Shown gate={gate} shown={shown} datasets={detail.data?.datasets ?? []} />}
      </section>
      {shown !== undefined && <ShownPanel key={shown.dataset} shown={shown} />}
    </div>
  )
}

function NotShown({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  return error === null ? <LoadingState rows={8}>Reading the data</LoadingState> : <ErrorState problem={problemOf(error)} onRetry={onRetry} />
}

function GateHead({ gate, isWaiting }: { gate: Gate; isWaiting: boolean }) {
  const [asking, setAsking] = useState<'approve' | 'reject' | null>(null)
  const toasts = useRunToasts()
  const decisions = useDecisions(toasts.onProblem)
  const name = `${gate.run.dataType} #${gate.run.runNumber}`
  const then = (isDone: boolean): void => {
    if (isDone) goTo(runAddress(gate.run))
  }
  return (
    <header className='gate-head'>
      <h1>{name}</h1>
      {isWaiting ? <Status pill status='waiting' text='Waits for approval' /> : <Status pill status={gate.state === 'approved' ? 'succeeded' : gate.state === 'rejected' ? 'failed' : 'cancelled'} text={gate.state === 'waiting' ? 'Not decided' : gate.state === 'approved' ? 'Approved' : 'Rejected'} />}
      <span className='t2 s12 cut grow'>Gate <b className='mono'>{gate.name}</b>, {beforeText(gate)}; since <TimeAgo bare at={gate.reachedAt} /></span>
      <LinkButton href={runAddress(gate.run)}>Open run</LinkButton>
      {isWaiting && (
        <>
          <Button variant='danger' icon='close' iconSize={13} onClick={() => setAsking('reject')}>Reject</Button>
          <Button variant='primary' icon='check' onClick={() => setAsking('approve')}>Approve</Button>
        </>
      )}
      {asking === 'approve' && (
        <ReasonDialog title={`Approve ${name} at ${gate.name}?`} confirm='Approve and go on' optional onClose={() => setAsking(null)} onConfirm={(reason) => void decisions.approve(gate.run, gate.name, reason).then(then)}>
          <p>{gate.before === 'publish' ? 'The run goes on and publishes all that it made, at once.' : `The run goes on with ${shortName(gate.before)}.`} The approval holds for {gate.shown.map(({ dataset, version }) => `${shortName(dataset)} v${version}`).join(', ')}; if that is made again, the gate asks again.</p>
        </ReasonDialog>
      )}
      {asking === 'reject' && (
        <ReasonDialog title={`Reject ${name} at ${gate.name}?`} confirm='Reject and end the run' variant='danger-fill' onClose={() => setAsking(null)} onConfirm={(reason) => void decisions.reject(gate.run, gate.name, reason).then(then)}>
          <p>The run ends as failed with your reason. Nothing is published, and the data of earlier runs stays current. It can be resumed once what was wrong is mended.</p>
        </ReasonDialog>
      )}
    </header>
  )
}

/** The question while it is open; who answered it, and how, afterwards. */
function Decision({ gate, isWaiting, runState }: { gate: Gate; isWaiting: boolean; runState: string | undefined }) {
  if (gate.state !== 'waiting' && gate.decidedBy !== null && gate.decidedAt !== null) {
    return (
      <div className='gate-note'>
        <Note status={gate.state === 'approved' ? 'succeeded' : 'failed'}>
          <b>{gate.state === 'approved' ? 'Approved' : 'Rejected'}</b> by {actorText(gate.decidedBy)}, {formatAbsolute(gate.decidedAt)}{gate.reason === null ? '' : `: ${gate.reason}`}
        </Note>
      </div>
    )
  }
  if (!isWaiting && runState !== undefined) return <div className='gate-note'><Note status='cancelled'>Nobody decided: the run is {runState}. When it comes here again, it asks again.</Note></div>
  return gate.message === null ? null : <div className='gate-note'><Note status='waiting'>{gate.message}</Note></div>
}

function Shown({ gate, shown, datasets }: { gate: Gate; shown: ShownDataset; datasets: readonly ShownDataset[] }) {
  const { queries } = useApi()
  const detail = useQuery(queries.datasets.get.queryOptions({ input: { dataset: shown.dataset, version: shown.version } }))
  return (
    <>
      <Tabs
        label='Data up for approval'
        tabs={datasets.map(({ dataset, rowCount }) => ({ id: dataset, label: shortName(dataset), count: formatCount(rowCount) }))}
        value={shown.dataset}
        onChange={(dataset) => goTo(approvalAddress(gate.run, { gate: gate.name, dataset }))}
      />
      <TabPanel id={shown.dataset}>
        {detail.data === undefined ? <LoadingState rows={8}>Reading {countOf(shown.rowCount, 'row')}</LoadingState> : <ShownGrid key={`${shown.dataset} ${shown.version}`} dataset={shown.dataset} version={shown.version} keyColumns={detail.data.key} rowCount={shown.rowCount} />}
      </TabPanel>
    </>
  )
}

function beforeText({ before }: Gate): string {
  return before === 'publish' ? 'before publishing' : `before ${shortName(before)} is made`
}

function shortName(dataset: string): string {
  return dataset.slice(dataset.indexOf('.') + 1)
}

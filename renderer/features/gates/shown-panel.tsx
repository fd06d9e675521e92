import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { DiffKind } from '../../../shared/contract/compare.contract.ts'
import type { ShownDataset } from '../../../shared/contract/gates.contract.ts'
import type { CheckResult } from '../../../shared/contract/runs.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, diffAddress } from '../../ui/addresses.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatBytes, formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { checkStatus, checkWord } from '../../ui/check-status.ts'
import { Status } from '../../ui/status.tsx'

/** What is different from the data that everybody sees now, and what the checks say. */
export function ShownPanel({ shown }: { shown: ShownDataset }) {
  const { published } = shown
  return (
    <SidePanel label='Difference from what is published'>
      <div className='scroll grow' tabIndex={0} role='group' aria-label='Difference and checks'>
        <PanelHead title='Against what is published' remark={published === null ? undefined : `rows of v${published.version} → v${shown.version}`} />
        {published === null ? <FirstTime shown={shown} /> : <Difference shown={shown} published={published} />}
        <PanelHead title='Checks' remark={checksRemark(shown.checks)} />
        <Checks shown={shown} />
      </div>
    </SidePanel>
  )
}

function FirstTime({ shown }: { shown: ShownDataset }) {
  return (
    <div className='block s12 t2'>
      <p>Nothing of this dataset is published yet, so there is nothing to compare with. It would begin with {countOf(shown.rowCount, 'row')}, {formatBytes(shown.sizeBytes)}.</p>
    </div>
  )
}

type Published = NonNullable<ShownDataset['published']>

function Difference({ shown, published }: { shown: ShownDataset; published: Published }) {
  const more = shown.rowCount - published.rowCount
  return (
    <>
      {published.version > shown.version && <div className='gate-note'><Note status='warning'>Run #{published.runNumber} has published newer data since. Approved, this run ends without replacing them; Make current on its page does that.</Note></div>}
      <dl className='shown-figures'>
        <Figure name={`Now, #${published.runNumber}`}>{formatCount(published.rowCount)}</Figure>
        <Figure name='After'>{formatCount(shown.rowCount)}</Figure>
        <Figure name='Difference'>{more === 0 ? 'as many' : `${more > 0 ? '+' : '−'}${formatCount(Math.abs(more))}`}{published.rowCount > 0 && more !== 0 && <span className='t3'> {shareText(more / published.rowCount)}</span>}</Figure>
      </dl>
      {shown.isSame ? <p className='block s12 t2'>Row for row the same as what is published.</p> : <RowDifference shown={shown} published={published} />}
      <ColumnDifference columns={shown.columns} />
    </>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Compared by key in a reader; both versions are immutable, so the answer is kept. */
function RowDifference({ shown, published }: { shown: ShownDataset; published: Published }) {
  const { queries } = useApi()
  const diff = useQuery({ ...queries.compare.versions.queryOptions({ input: { dataset: shown.dataset, from: published.version, to: shown.version } }), ...IMMUTABLE, retry: false })
  if (diff.data === undefined) {
    if (diff.error !== null) return <ErrorState inline problem={problemOf(diff.error)} onRetry={() => void diff.refetch()} />
    return <LoadingState>Comparing the rows</LoadingState>
  }
  const { counts, changedColumns, key } = diff.data
  return (
    <div className='block s12'>
      <ul className='shown-counts'>
        <li><KindLink shown={shown} from={published.version} kind='added' count={counts.added} /></li>
        <li><KindLink shown={shown} from={published.version} kind='removed' count={counts.removed} /></li>
        {key.length > 0 && <li><KindLink shown={shown} from={published.version} kind='changed' count={counts.changed} /></li>}
        <li className='t3'><b>{formatCount(counts.unchanged)}</b> the same</li>
      </ul>
      <p className='t3'>{key.length === 0 ? 'Compared as whole rows: the contract names no key.' : <>By <span className='mono'>{key.join(', ')}</span>.</>}</p>
      {changedColumns.length > 0 && (
        <ul className='shown-list' aria-label='Columns that changed'>
          {changedColumns.slice(0, 8).map(({ column, count }) => <li key={column}><span className='mono cut'>{column}</span><span className='num t2'>{countOf(count, 'value')}</span></li>)}
          {changedColumns.length > 8 && <li className='t3'>and {countOf(changedColumns.length - 8, 'more column')}</li>}
        </ul>
      )}
      <p className='row'>
        <LinkButton small icon='diff' iconSize={13} href={diffAddress(shown.dataset, { from: published.version, to: shown.version })}>Differing rows</LinkButton>
        <LinkButton small icon='data' iconSize={13} href={dataAddress(shown.dataset, { v: published.version })}>Published rows</LinkButton>
      </p>
    </div>
  )
}

/** The count leads to the rows. */
function KindLink({ shown, from, kind, count }: { shown: ShownDataset; from: number; kind: DiffKind; count: number }) {
  const text = <><b>{formatCount(count)}</b> {kind}</>
  return count === 0 ? text : <a href={diffAddress(shown.dataset, { from, to: shown.version, kind })} title={`Show the ${kind} rows`}>{text}</a>
}

function ColumnDifference({ columns: { added, removed, changed } }: { columns: ShownDataset['columns'] }) {
  if (added.length + removed.length + changed.length === 0) return <p className='block s12 t2'>The columns are the same.</p>
  return (
    <ul className='block shown-list' aria-label='Columns'>
      {added.map(({ name, type }) => <li key={name}><Status small status='succeeded' text='new' /><span className='mono cut'>{name}</span><span className='mono t3'>{type}</span></li>)}
      {removed.map(({ name, type }) => <li key={name}><Status small status='failed' text='gone' /><span className='mono cut'>{name}</span><span className='mono t3'>{type}</span></li>)}
      {changed.map(({ name, from, to }) => <li key={name}><Status small status='warning' text='type' /><span className='mono cut'>{name}</span><span className='mono t3'>{from} → {to}</span></li>)}
    </ul>
  )
}

function checksRemark(checks: readonly CheckResult[]): string {
  return checks.length === 0 ? 'none yet' : `${checks.filter((check) => check.passed).length} of ${checks.length} hold`
}

function Checks({ shown: { checks, publishedChecks } }: { shown: ShownDataset }) {
  if (checks.length === 0) return <p className='block s12 t2'>No rule of a contract has been evaluated on it.</p>
  const sorted = [...checks].sort((a, b) => Number(a.passed) - Number(b.passed))
  return (
    <ul className='shown-checks'>
      {sorted.map((check) => {
        const before = publishedChecks.find((other) => other.rule === check.rule)
        return (
          <li key={check.rule}>
            <Status small status={checkStatus(check)} text={checkWord(check).toLowerCase()} />
            <span className='mono cut' title={check.rule}>{check.rule}</span>
            {!check.passed && <p>{check.message}</p>}
            {check.override !== null && <p>Let pass by {actorText(check.override.actor)}: {check.override.reason}</p>}
            {before !== undefined && before.passed !== check.passed && <p className='t3'>{before.passed ? 'It held on what is published.' : 'It did not hold on what is published.'}</p>}
          </li>
        )
      })}
    </ul>
  )
}

function shareText(share: number): string {
  const percent = share * 100
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent) >= 10 ? Math.round(Math.abs(percent)) : Math.abs(percent).toFixed(1)} %`
}

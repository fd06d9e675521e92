import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type DiffKind, diffKindSchema, type VersionDiff } from '../../../shared/contract/compare.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, goTo } from '../../ui/addresses.ts'
import { Toolbar } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField } from '../../ui/field.tsx'
import { countOf, formatCount, formatDuration } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { DiffExport } from './diff-export.tsx'
import { DiffRows } from './diff-rows.tsx'

const KINDS: readonly { kind: DiffKind; mark: string; tone: string }[] = [
  { kind: 'added', mark: '+', tone: 'add' },
  { kind: 'removed', mark: '−', tone: 'del' },
  { kind: 'changed', mark: '→', tone: 'chg' },
]

/** What the address says beside the two versions. */
export interface DiffSearch {
  kind?: string | undefined
  /** Columns that name a row, by comma. */
  key?: string | undefined
}

interface VersionDiffProps {
  dataset: string
  from: number
  to: number
  search: DiffSearch
  /** Where another kind or key of the same two versions is. */
  addressOf: (search: DiffSearch) => string
}

/** What two versions of a dataset have apart: counts, columns, and a page through each kind. */
export function VersionDiffView({ dataset, from, to, search, addressOf }: VersionDiffProps) {
  const { queries } = useApi()
  const [typed, setTyped] = useState(search.key ?? '')
  const key = keyOf(search.key)
  const pair = { dataset, from, to, ...(key === undefined ? {} : { key }) }
  const diff = useQuery({ ...queries.compare.versions.queryOptions({ input: pair }), staleTime: Number.POSITIVE_INFINITY })
  if (diff.error !== null) return <ErrorState problem={problemOf(diff.error)} onRetry={() => void diff.refetch()} />
  if (diff.data === undefined) return <LoadingState rows={10}>Comparing v{from} with v{to}</LoadingState>
  const kind = kindOf(search.kind, diff.data)
  return (
    <>
      <Toolbar label='What to show'>
        <h2 className='cut mono' title={dataset}>{dataset.slice(dataset.indexOf('.') + 1)}</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            goTo(addressOf({ key: typed }))
          }}
        >
          <SearchField small icon='key' label='Columns that name a row' placeholder={diff.data.key.length === 0 ? 'Whole rows; name a key' : diff.data.key.join(', ')} width={168} value={typed} onChange={setTyped} />
        </form>
        <span className='grow' />
        {KINDS.map(({ kind: one, mark, tone }) => (
          <button key={one} type='button' className={`chip diff-chip${one === kind ? ' on' : ''}`} aria-pressed={one === kind} onClick={() => goTo(addressOf({ ...search, kind: one }))}>
            <span className={`strong ${tone}`} aria-hidden='true'>{mark}</span><b>{formatCount(diff.data.counts[one])}</b> {one}
          </button>
        ))}
        <span className='chip'><b>{formatCount(diff.data.counts.unchanged)}</b> same</span>
        <DiffExport diff={diff.data} kind={kind} />
      </Toolbar>
      <Summary diff={diff.data} />
      {diff.data.counts[kind] === 0 ? <Nothing diff={diff.data} /> : <DiffRows key={kind} diff={diff.data} kind={kind} />}
    </>
  )
}

function keyOf(text: string | undefined): string[] | undefined {
  const names = (text ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '')
  return names.length === 0 ? undefined : names
}

/** The asked kind, else the first that has rows. */
function kindOf(asked: string | undefined, { counts }: VersionDiff): DiffKind {
  const kind = diffKindSchema.safeParse(asked)
  if (kind.success) return kind.data
  return (['changed', 'added', 'removed'] as const).find((one) => counts[one] > 0) ?? 'changed'
}

function Summary({ diff }: { diff: VersionDiff }) {
  const { changedColumns, duplicates, keyOrigin, from, to } = diff
  return (
    <>
      <div className='diff-summary'>
        {changedColumns.length > 0 && <span className='t3'>Changed in</span>}
        {changedColumns.slice(0, 6).map(({ column, count }) => <span key={column}><span className='mono'>{column}</span> <b>{formatCount(count)}</b></span>)}
        {changedColumns.length > 6 && <span className='t3'>and {countOf(changedColumns.length - 6, 'column')} more</span>}
        <span className='end t3'>
          v{from.version}, {countOf(from.rowCount, 'row')}, with v{to.version}, {countOf(to.rowCount, 'row')}; {diff.fromCache ? 'remembered' : `compared in ${formatDuration(diff.tookMs)}`}
        </span>
      </div>
      {keyOrigin === 'none' && <Note status='waiting'>No key is known, so rows are compared as wholes: a changed row counts as one removed and one added. Name the columns of a key above.</Note>}
      {duplicates !== null && <Note status='warning'>The key does not name each row once: {countOf(duplicates.from, 'value')} of the older and {formatCount(duplicates.to)} of the newer version {duplicates.example === null ? '' : `(for example ${duplicates.example}) `}have several rows. These are matched in the order of their content.</Note>}
    </>
  )
}

function Nothing({ diff }: { diff: VersionDiff }) {
  const { added, removed, changed } = diff.counts
  if (added + removed + changed > 0) return <EmptyState title='No such row'>Choose another kind above.</EmptyState>
  return (
    <EmptyState title='Both versions hold the same rows' icon='check' actions={<LinkButton small icon='data' iconSize={13} href={dataAddress(diff.dataset, { v: diff.to.version })}>Open data</LinkButton>}>
      {countOf(diff.counts.unchanged, 'row')}, no difference in any column that both have.
    </EmptyState>
  )
}

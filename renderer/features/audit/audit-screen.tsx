import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { AuditEntry, AuditQuery } from '../../../shared/contract/audit.contract.ts'
import { ACTOR_KINDS, actorText } from '../../../shared/domain/actor.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type PagedRows, usePagedRows } from '../../api/use-paged-rows.ts'
import { type AuditSearch, auditAddress, goTo } from '../../ui/addresses.ts'
import { PageHead, Toolbar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'
import { countOf, formatAbsolute, sentence } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'
import { AuditPanel } from './audit-panel.tsx'
import { changeText } from './change-text.ts'
import { TrailActions } from './trail-actions.tsx'
import './audit.css'

const PAGE = 200
const ANY = ''
const route = getRouteApi('/audit')

/** Who changed what, newest first; and whether anybody changed the record itself. */
export function AuditScreen() {
  const search = route.useSearch()
  const { queries } = useApi()
  const [chosen, setChosen] = useState<number | null>(null)
  const query = queryOf(search)
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => ({ ...queries.audit.list.queryOptions({ input: { ...query, offset, limit: PAGE } }), placeholderData: keepPreviousData }),
    read: ({ total, entries }) => ({ total, rows: entries }),
  })
  const isFiltered = Object.keys(query).length > 0
  const entries = rows.answer?.entries ?? []
  const selected = entries.find((entry) => entry.seq === chosen) ?? entries[0] ?? null
  return (
    <div className='view'>
      <section className='main' aria-label='Audit trail' data-region='' tabIndex={-1}>
        <PageHead
          title='Audit trail'
          facts={rows.answer === undefined ? '' : `${countOf(rows.total, 'entry', 'entries')}${isFiltered ? ' that match' : ''}, each sealed with the one before`}
          actions={<TrailActions query={query} isFiltered={isFiltered} />}
        />
        <Filters search={search} actions={rows.answer?.actions ?? []} />
        <Entries rows={rows} isFiltered={isFiltered} selected={selected} onSelect={(entry) => setChosen(entry.seq)} />
      </section>
      {selected !== null && rows.total > 0 && <AuditPanel entry={selected} />}
    </div>
  )
}

function Filters({ search, actions }: { search: AuditSearch; actions: readonly string[] }) {
  const set = (patch: AuditSearch): void => goTo(auditAddress({ ...search, ...patch }))
  const isSet = Object.values(search).some((value) => value !== undefined)
  return (
    <Toolbar label='Filters'>
      <SearchField small label='Find in the trail' placeholder='Run, dataset, reason ...' width={220} value={search.text ?? ''} onChange={(text) => set({ text: text === '' ? undefined : text })} />
      <SelectField small label='Who' value={search.actor ?? ANY} options={[{ value: ANY, label: 'Anybody' }, ...ACTOR_KINDS.map((kind) => ({ value: kind, label: WHO[kind] }))]} onChange={(actor) => set({ actor: actor === ANY ? undefined : actor })} />
      <SelectField small label='What' value={search.action ?? ANY} options={[{ value: ANY, label: 'Any action' }, ...actions.map((action) => ({ value: action, label: sentence(action) }))]} onChange={(action) => set({ action: action === ANY ? undefined : action })} />
      <SearchField small label='Subject' placeholder='Subject, as drugs #41' width={170} icon='link' value={search.target ?? ''} onChange={(target) => set({ target: target === '' ? undefined : target })} />
      <DateField label='From' value={search.from} onChange={(from) => set({ from })} />
      <DateField label='To' value={search.to} onChange={(to) => set({ to })} />
      {isSet && <Button small variant='quiet' icon='close' iconSize={12} onClick={() => goTo(auditAddress())}>Clear filters</Button>}
    </Toolbar>
  )
}

const WHO: Readonly<Record<(typeof ACTOR_KINDS)[number], string>> = { person: 'People', schedule: 'Schedules', api: 'Programs', model: 'Models', engine: 'Strata itself' }

function DateField({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  return (
    <label className='field sm audit-date'>
      <span className='t3'>{label}</span>
      <input type='date' aria-label={label} value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} />
    </label>
  )
}

interface EntriesProps {
  rows: PagedRows<unknown, AuditEntry>
  isFiltered: boolean
  selected: AuditEntry | null
  onSelect: (entry: AuditEntry) => void
}

function Entries({ rows, isFiltered, selected, onSelect }: EntriesProps) {
  if (rows.error !== null && rows.total === 0) return <ErrorState problem={problemOf(rows.error)} onRetry={rows.retry} />
  if (rows.isPending) return <LoadingState rows={8}>Reading the trail</LoadingState>
  if (rows.total === 0 && isFiltered) return <EmptyState title='Nothing on record matches' actions={<Button onClick={() => goTo(auditAddress())}>Clear filters</Button>}>A subject is matched as a whole; the search looks into every part of an entry.</EmptyState>
  if (rows.total === 0) return <EmptyState icon='quality' title='Nothing has been changed yet'>Every run, decision, publish and export will stand here, with who did it, when, and what it was before.</EmptyState>
  return (
    <VirtualTable<AuditEntry>
      label='Audit trail'
      columns={COLUMNS}
      total={rows.total}
      rowAt={rows.rowAt}
      rowKey={(entry) => String(entry.seq)}
      onRange={rows.onRange}
      onSelect={onSelect}
      selectedKey={selected === null ? null : String(selected.seq)}
    />
  )
}

const COLUMNS: readonly TableColumn<AuditEntry>[] = [
  { id: 'seq', header: '#', width: '56px', numeric: true, cell: (entry) => <span className='t3'>{entry.seq}</span> },
  { id: 'at', header: 'When', width: '148px', cell: (entry) => <time dateTime={entry.at}>{formatAbsolute(entry.at)}</time> },
  { id: 'who', header: 'Who', width: 'minmax(110px, 0.5fr)', cell: (entry) => actorText(entry.actor), title: (entry) => actorText(entry.actor) },
  { id: 'action', header: 'Did', width: '104px', cell: (entry) => <b>{sentence(entry.action)}</b>, title: (entry) => entry.action },
  { id: 'target', header: 'To', width: 'minmax(120px, 0.6fr)', cell: (entry) => <span className='mono'>{entry.target}</span>, title: (entry) => entry.target },
  { id: 'change', header: 'What changed', width: 'minmax(0, 1.2fr)', cell: (entry) => <span className='t2'>{changeText(entry)}</span>, title: changeText },
]

/** Days of the address are days here: from the first moment of one to the last of the other. */
function queryOf({ from, to, ...rest }: AuditSearch): AuditQuery {
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return { ...set, ...(from === undefined ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }), ...(to === undefined ? {} : { to: new Date(`${to}T23:59:59.999`).toISOString() }) }
}

import { type ReactNode, useState } from 'react'
import type { Run, RunEntity } from '../../../shared/contract/runs.contract.ts'
import { ENTITY_STATES, type EntityState } from '../../../shared/domain/run-status.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type PagedRows, usePagedRows } from '../../api/use-paged-rows.ts'
import { refOf } from '../../api/use-run-commands.ts'
import { entityAddress } from '../../ui/addresses.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField } from '../../ui/field.tsx'
import { PanelHead } from '../../ui/bars.tsx'
import { formatCount, formatDuration, sentence } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Status } from '../../ui/status.tsx'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'
import { AccountedElsewhere } from './entities-elsewhere.tsx'
import { MarkEntities } from './mark-entities.tsx'

const PAGE = 200

interface RunEntitiesProps {
  run: Run
  /** Only of this step; all entity steps when absent. */
  dataset?: string | undefined
  /** What can be done with the step, at the head of the panel. */
  actions?: ReactNode
}

/** What happened to each entity: filter by state, errors in groups, the rows on demand. */
export function RunEntities({ run, dataset, actions }: RunEntitiesProps) {
  const { queries } = useApi()
  const [state, setState] = useState<EntityState | null>(null)
  const [signature, setSignature] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<RunEntity | null>(null)
  const input = { run: refOf(run), ...filtersOf({ dataset, state, signature, text }) }
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => queries.runs.entities.queryOptions({ input: { ...input, offset, limit: PAGE } }),
    read: ({ total, entities }) => ({ total, rows: entities }),
  })
  return (
    <section className='run-panel' aria-label='Entities'>
      <PanelHead plain title='Entities' remark={dataset === undefined ? undefined : <>in <span className='mono'>{dataset}</span></>}>
        <MarkEntities run={run} dataset={dataset ?? onlyDataset(rows.answer?.entities ?? [])} entity={chosen} failed={failedOf(rows.answer?.counts)} />
        {actions}
        <SearchField small label='Find an entity or error' width={actions === undefined ? 200 : 168} value={text} onChange={setText} />
      </PanelHead>
      {rows.answer !== undefined && (
        <>
          <Counts counts={rows.answer.counts} state={state} onState={setState} />
          <AccountedElsewhere elsewhere={rows.answer.elsewhere} />
          <Groups groups={rows.answer.groups} signature={signature} onSignature={setSignature} />
        </>
      )}
      <EntityRows rows={rows} chosen={chosen} onChoose={setChosen} columns={dataset === undefined ? ALL_COLUMNS : COLUMNS} filtered={state !== null || signature !== null || text !== ''} elsewhere={hasElsewhere(rows.answer)} />
    </section>
  )
}

function keyOf({ dataset, entityId }: RunEntity): string {
  return `${dataset} ${entityId}`
}

interface Filters {
  dataset: string | undefined
  state: EntityState | null
  signature: string | null
  text: string
}

function filtersOf({ dataset, state, signature, text }: Filters) {
  return {
    ...(dataset === undefined ? {} : { dataset }),
    ...(state === null ? {} : { states: [state] }),
    ...(signature === null ? {} : { signature }),
    ...(text === '' ? {} : { text }),
  }
}

/** The step of all that failed, when it is one; failed entities come first. */
function onlyDataset(entities: readonly RunEntity[]): string | null {
  const [first, ...others] = new Set(entities.filter(({ state }) => state === 'failed' || state === 'quarantined').map(({ dataset }) => dataset))
  return others.length === 0 ? (first ?? null) : null
}

function hasElsewhere(answer: { elsewhere: readonly unknown[] } | undefined): boolean {
  return answer !== undefined && answer.elsewhere.length > 0
}

function failedOf(counts: Partial<Record<EntityState, number>> | undefined): number {
  return (counts?.failed ?? 0) + (counts?.quarantined ?? 0)
}

/** The table, or what stands in its place. */
interface EntityRowsProps {
  rows: PagedRows<unknown, RunEntity>
  columns: readonly TableColumn<RunEntity>[]
  filtered: boolean
  chosen: RunEntity | null
  onChoose: (entity: RunEntity) => void
  /** An earlier run accounts for some: an empty table is no news. */
  elsewhere: boolean
}

function EntityRows({ rows, columns, filtered, chosen, onChoose, elsewhere }: EntityRowsProps) {
  if (rows.error !== null && rows.total === 0) return <ErrorState inline problem={problemOf(rows.error)} onRetry={rows.retry} />
  if (rows.isPending) return <LoadingState>Reading the entity ledger</LoadingState>
  if (rows.total === 0) return elsewhere && !filtered ? null : <NoEntities filtered={filtered} />
  return <VirtualTable label='Entities' columns={columns} total={rows.total} rowAt={rows.rowAt} onRange={rows.onRange} rowKey={keyOf} selectedKey={chosen === null ? null : keyOf(chosen)} onSelect={onChoose} />
}

const COLUMNS: readonly TableColumn<RunEntity>[] = [
  { id: 'id', header: 'Entity', width: 'minmax(110px, 0.5fr)', cell: (entity) => <a className='mono' href={entityAddress(entity.entityId)}>{entity.entityId}</a>, title: (entity) => entity.entityId },
  { id: 'state', header: 'State', width: '118px', cell: (entity) => <Status status={entity.carried ? 'reused' : entity.state} text={entity.carried ? 'Carried over' : undefined} title={entity.carried ? 'Nothing of its input has changed: its rows are those of the version before' : undefined} /> },
  { id: 'error', header: 'Error', width: 'minmax(0, 1fr)', cell: (entity) => <>{entity.mark !== null && <b>{sentence(entity.mark.as)}: {entity.mark.reason}. </b>}{entity.error ?? ''}</>, title: (entity) => [entity.mark === null ? '' : `${sentence(entity.mark.as)} by ${actorText(entity.mark.actor)}: ${entity.mark.reason}`, entity.error ?? ''].filter((part) => part !== '').join('\n') || undefined },
  { id: 'rows', header: 'Rows', width: '64px', numeric: true, cell: (entity) => formatCount(entity.rows) },
  { id: 'tries', header: 'Tries', width: '54px', numeric: true, cell: (entity) => (entity.carried ? '' : formatCount(entity.attempts)) },
  { id: 'took', header: 'Took', width: '76px', numeric: true, cell: (entity) => (entity.carried ? '' : formatDuration(entity.durationMs)) },
]
const DATASET_COLUMN: TableColumn<RunEntity> = { id: 'dataset', header: 'Step', width: 'minmax(0, 0.6fr)', cell: (entity) => <span className='mono'>{entity.dataset.slice(entity.dataset.indexOf('.') + 1)}</span>, title: (entity) => entity.dataset }

const ALL_COLUMNS = [...COLUMNS.slice(0, 1), DATASET_COLUMN, ...COLUMNS.slice(1)]

/** One button per state that occurs; pressed filters. */
function Counts({ counts, state, onState }: { counts: Partial<Record<EntityState, number>>; state: EntityState | null; onState: (state: EntityState | null) => void }) {
  const shown = ENTITY_STATES.filter((name) => (counts[name] ?? 0) > 0 || name === state)
  if (shown.length === 0) return null
  return (
    <div className='entity-counts' role='group' aria-label='Entities by state'>
      {shown.map((name) => (
        <button key={name} type='button' aria-pressed={name === state} title={name === state ? 'Show all states' : `Show only ${name}`} onClick={() => onState(name === state ? null : name)}>
          <b>{formatCount(counts[name] ?? 0)}</b>
          <Status status={name} text={sentence(name)} />
        </button>
      ))}
    </div>
  )
}

interface GroupsProps {
  groups: readonly { signature: string; errorClass: string | null; count: number }[]
  signature: string | null
  onSignature: (signature: string | null) => void
}

/** One button per cause; pressed filters. */
function Groups({ groups, signature, onSignature }: GroupsProps) {
  if (groups.length === 0) return null
  return (
    <ul className='error-groups' aria-label='Failures by cause'>
      {groups.map((group) => {
        const isPressed = group.signature === signature
        return (
          <li key={`${group.errorClass} ${group.signature}`}>
            <button type='button' aria-pressed={isPressed} title={isPressed ? 'Show all causes' : 'Show only entities with this error'} onClick={() => onSignature(isPressed ? null : group.signature)}>
              <span className='strong cut'>{group.signature}</span>
              {group.errorClass !== null && <span className='t3 mono nw'>{group.errorClass}</span>}
              <b className='num'>{formatCount(group.count)}</b>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function NoEntities({ filtered }: { filtered: boolean }) {
  if (filtered) return <EmptyState inline title='No entity matches'>Press the state or the cause again, or clear the search, to see all of them.</EmptyState>
  return <EmptyState inline title='No entities yet'>Steps that work entity by entity account here for each one: state, tries, rows and time.</EmptyState>
}

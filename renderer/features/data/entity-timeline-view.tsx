import { useInfiniteQuery } from '@tanstack/react-query'
import type { EntityEvent, EntityRowChange } from '../../../shared/contract/entities.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, runAddress, diffAddress } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import './entity-timeline.css'

const EVENTS_A_PAGE = 20

/** What changed when about an entity: publication by publication, the newest first; earlier ones are read when they are asked for. */
export function EntityTimelineView({ entityId }: { entityId: string }) {
  const { queries } = useApi()
  const pages = useInfiniteQuery(
    queries.entities.timeline.infiniteOptions({
      input: (before: number | undefined) => ({ entityId, limit: EVENTS_A_PAGE, ...(before === undefined ? {} : { before }) }),
      initialPageParam: undefined as number | undefined,
      getNextPageParam: ({ next }) => next ?? undefined,
    }),
  )
  if (pages.data === undefined) {
    return pages.error === null ? <LoadingState rows={8}>Comparing what {entityId} was in every publication</LoadingState> : <ErrorState problem={problemOf(pages.error)} onRetry={() => void pages.refetch()} />
  }
  const events = pages.data.pages.flatMap((page) => page.events)
  const looked = pages.data.pages.reduce((sum, page) => sum + page.lookedAt, 0)
  const untold = pages.data.pages.reduce((sum, page) => sum + page.untold, 0)
  const since = pages.data.pages.at(-1)?.since ?? null
  const publications = [...Map.groupBy(events, ({ publication }) => publication.id).values()]
  return (
    <div className='entity-body scroll' tabIndex={0} role='group' aria-label='What changed when'>
      {events.length === 0 && !pages.hasNextPage && <EmptyState icon='clock' title='Nothing about it was ever published'>{`${countOf(looked, 'publication')} were looked at.`}</EmptyState>}
      <ol className='entity-timeline'>
        {publications.map((group) => <PublicationItem key={group[0]?.publication.id} events={group} entityId={entityId} />)}
      </ol>
      <div className='entity-timeline-foot'>
        <span className='t2 s12'>
          {`${countOf(looked, 'publication')} looked at`}
          {since !== null && <>, back to <TimeAgo at={since} /></>}
          {untold > 0 && `; ${countOf(untold, 'change')} of versions that retention removed cannot be told`}
        </span>
        {pages.hasNextPage ? <Button small onClick={() => void pages.fetchNextPage()} disabledReason={pages.isFetchingNextPage ? 'Earlier publications are being compared' : null}>Look further back</Button> : <span className='t2 s12'>This is all there is.</span>}
        {pages.error !== null && <ErrorState inline problem={problemOf(pages.error)} onRetry={() => void pages.fetchNextPage()} />}
      </div>
    </div>
  )
}

const KIND_WORDS: Readonly<Record<EntityEvent['publication']['kind'], string>> = { publish: 'published', rollback: 'rolled back', promote: 'made current again' }

function PublicationItem({ events, entityId }: { events: readonly EntityEvent[]; entityId: string }) {
  const [first] = events
  if (first === undefined) return null
  const { publication, at } = first
  const run = publication.runNumber === null ? null : { dataType: publication.dataType, runNumber: publication.runNumber }
  return (
    <li>
      <h3>
        {run === null ? <span>{publication.dataType}</span> : <a href={runAddress(run)}>{`${run.dataType} #${run.runNumber}`}</a>}
        <span className='t2'>{` ${KIND_WORDS[publication.kind]}, `}<TimeAgo at={at} />{publication.kind === 'publish' ? '' : `, by ${publication.actor}: ${publication.reason}`}</span>
      </h3>
      {events.map((event) => <DatasetEvent key={`${event.dataset} ${event.keyColumn}`} event={event} entityId={entityId} />)}
    </li>
  )
}

const EVENT_WORDS: Readonly<Record<EntityEvent['kind'], string>> = { appeared: 'appeared', changed: 'changed', removed: 'is gone', unknown: 'cannot be told' }

function DatasetEvent({ event, entityId }: { event: EntityEvent; entityId: string }) {
  const { dataset, zone, kind, from, to, keyColumn, rows, moreRows, note } = event
  const filter = [{ column: keyColumn, op: 'eq' as const, value: entityId }]
  return (
    <section className={`entity-event k-${kind}`} aria-label={`${dataset} ${EVENT_WORDS[kind]}`}>
      <header>
        <ZoneMark zone={zone} size={14} />
        <span className='mono'>{dataset}</span>
        <b>{EVENT_WORDS[kind]}</b>
        <span className='t3 s12'>
          {from !== null && <a href={dataAddress(dataset, { v: from.version, filter })}>{`v${from.version}`}</a>}
          {from !== null && to !== null && ' → '}
          {to !== null && <a href={dataAddress(dataset, { v: to.version, filter })}>{`v${to.version}`}</a>}
          {from !== null && to !== null && <>{' '}<a href={diffAddress(dataset, { from: from.version, to: to.version })}>all differences</a></>}
        </span>
      </header>
      {note !== null && <p className='t2 s12'>{note}</p>}
      {rows.length > 0 && (
        <table className='t entity-changes'>
          <tbody>{rows.map((row, index) => <RowChange key={index} row={row} keyColumn={keyColumn} />)}</tbody>
        </table>
      )}
      {moreRows > 0 && <p className='t2 s12'>{`and ${countOf(moreRows, 'more row')}`}</p>}
    </section>
  )
}

const MARKS: Readonly<Record<EntityRowChange['kind'], readonly [mark: string, word: string]>> = { added: ['+', 'row added'], removed: ['−', 'row removed'], changed: ['→', 'row changed'] }

function RowChange({ row: { kind, key, cells }, keyColumn }: { row: EntityRowChange; keyColumn: string }) {
  const [mark, word] = MARKS[kind]
  const name = key.filter(({ column }) => column !== keyColumn).map(({ column, value }) => `${column} ${value ?? 'null'}`).join(', ')
  return (
    <tr className={`d-${kind}`}>
      <th scope='row'><span aria-hidden='true'>{mark}</span><span className='sr-only'>{word}</span>{name !== '' && <span className='mono s12'>{name}</span>}</th>
      <td>
        <dl>
          {cells.map(({ column, from, to }) => (
            <div key={column}>
              <dt className='mono'>{column}</dt>
              <dd>
                {kind !== 'added' && <del title={from ?? undefined}>{from ?? 'null'}</del>}
                {kind !== 'removed' && <ins title={to ?? undefined}>{to ?? 'null'}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      </td>
    </tr>
  )
}

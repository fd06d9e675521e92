import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type SyntheticEvent, useEffect, useState } from 'react'
import type { EntityData } from '../../../shared/contract/entities.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { entityAddress, goTo } from '../../ui/addresses.ts'
import { PageHead, Toolbar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField } from '../../ui/field.tsx'
import { countOf, formatDuration } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { EntityHistory } from './entity-history.tsx'
import { EntitySliceTable } from './entity-slice.tsx'
import './data.css'

/** One entity over every data type: its rows at every stage, and what runs did to it. */
export function EntityScreen() {
  const { entityId = '' } = useParams({ strict: false })
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const data = useQuery(queries.entities.getDataForEntity.queryOptions({ input: { entityId } }))
  const keys = [...new Set((workspace.data?.dataTypes ?? []).flatMap((type) => type.entityKey ?? []))]
  return (
    <div className='view'>
      <section className='main' aria-label={`Entity ${entityId}`}>
        <PageHead title={<span className='mono'>{entityId}</span>} facts={data.data === undefined ? null : entityFacts(data.data)} />
        <EntitySearch entityId={entityId} keys={keys} />
        {data.error !== null && <ErrorState problem={problemOf(data.error)} onRetry={() => void data.refetch()} />}
        {data.isPending && <LoadingState rows={10}>Looking {entityId} up in every data type</LoadingState>}
        {data.data !== undefined && <EntityBody data={data.data} keys={keys} order={workspace.data?.dataTypes.map((type) => type.name) ?? []} />}
      </section>
    </div>
  )
}

function entityFacts({ slices, fromCache, tookMs }: EntityData): string {
  const rows = slices.reduce((sum, slice) => sum + slice.rowCount, 0)
  const filled = slices.filter((slice) => slice.rowCount > 0)
  const types = new Set(filled.map((slice) => slice.dataType)).size
  const cost = fromCache ? 'from cache' : formatDuration(tookMs)
  return `${countOf(rows, 'row')} in ${countOf(filled.length, 'dataset')} of ${countOf(types, 'data type')}, ${cost}`
}

function EntitySearch({ entityId, keys }: { entityId: string; keys: readonly string[] }) {
  const [text, setText] = useState(entityId)
  useEffect(() => setText(entityId), [entityId])
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') goTo(entityAddress(text.trim()))
  }
  return (
    <Toolbar label='Look up an entity'>
      <form className='row' onSubmit={submit}>
        <SearchField small label={keys.length === 0 ? 'Entity' : keys.join(' or ')} value={text} onChange={setText} width={280} />
        <Button small type='submit'>Look up</Button>
      </form>
    </Toolbar>
  )
}

function EntityBody({ data, keys, order }: { data: EntityData; keys: readonly string[]; order: readonly string[] }) {
  const filled = data.slices.filter((slice) => slice.rowCount > 0)
  if (filled.length === 0 && data.history.length === 0) {
    return (
      <EmptyState icon='key' title={`No dataset knows ${data.entityId}`}>
        {keys.length === 0
          ? 'No data type of this workspace names its entities yet: set entity_key in its pipeline.'
          : `Entities are looked up in the columns ${keys.join(', ')}, exactly as they are written there.`}
      </EmptyState>
    )
  }
  const types = [...new Set(filled.map((slice) => slice.dataType))].sort((a, b) => order.indexOf(a) - order.indexOf(b))
  return (
    <div className='entity-body scroll' tabIndex={0} aria-label='Rows of the entity'>
      {types.map((type) => (
        <section key={type} aria-label={type}>
          <h2 className='entity-type'>{type}</h2>
          {filled.filter((slice) => slice.dataType === type).map((slice) => <EntitySliceTable key={slice.dataset} slice={slice} entityId={data.entityId} />)}
        </section>
      ))}
      {data.history.length > 0 && <EntityHistory history={data.history} />}
    </div>
  )
}

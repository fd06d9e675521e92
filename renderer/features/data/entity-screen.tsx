import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { type SyntheticEvent, useEffect, useState } from 'react'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
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
import { AsOfForm } from '../../ui/as-of-form.tsx'
import { EntityHistory } from './entity-history.tsx'
import { EntitySliceTable } from './entity-slice.tsx'
import { copyWords, useEntityIndexes } from './use-version-copy.ts'
import './data.css'

/** One entity over every data type: its rows at every stage, and what runs did to it. */
export function EntityScreen() {
  const { entityId = '' } = useParams({ strict: false })
  const asOf = useAsOf()
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const data = useQuery(queries.entities.getDataForEntity.queryOptions({ input: { entityId, ...(asOf === undefined ? {} : { asOf }) } }))
  const indexes = copyWords(useEntityIndexes(asOf))
  const dataTypes = workspace.data?.dataTypes ?? []
  const keys = [...new Set(dataTypes.flatMap((type) => type.entityKey ?? []))]
  const order = dataTypes.map((type) => type.name)
  return (
    <div className='view'>
      <section className='main' aria-label={`Entity ${entityId}`}>
        <PageHead title={<span className='mono'>{entityId}</span>} facts={data.data === undefined ? null : [entityFacts(data.data), indexes?.text].filter(Boolean).join(', ')} />
        <EntitySearch entityId={entityId} keys={keys} asOf={asOf} dataTypes={order} />
        {data.error !== null && <ErrorState problem={problemOf(data.error)} onRetry={() => void data.refetch()} />}
        {data.isPending && <LoadingState rows={10}>Looking {entityId} up in every data type</LoadingState>}
        {data.data !== undefined && <EntityBody data={data.data} keys={keys} order={order} asOf={asOf} />}
      </section>
    </div>
  )
}

/** The run of the address, as of which to look. */
function useAsOf(): RunRef | undefined {
  const { type, run } = useSearch({ strict: false })
  return type === undefined || run === undefined ? undefined : { dataType: type, runNumber: run }
}

function entityFacts({ slices, fromCache, tookMs }: EntityData): string {
  const rows = slices.reduce((sum, slice) => sum + slice.rowCount, 0)
  const filled = slices.filter((slice) => slice.rowCount > 0)
  const types = new Set(filled.map((slice) => slice.dataType)).size
  const cost = fromCache ? 'from cache' : formatDuration(tookMs)
  return `${countOf(rows, 'row')} in ${countOf(filled.length, 'dataset')} of ${countOf(types, 'data type')}, ${cost}`
}

interface EntitySearchProps {
  entityId: string
  keys: readonly string[]
  asOf: RunRef | undefined
  dataTypes: readonly string[]
}

function EntitySearch({ entityId, keys, asOf, dataTypes }: EntitySearchProps) {
  const [text, setText] = useState(entityId)
  useEffect(() => setText(entityId), [entityId])
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') goTo(entityAddress(text.trim(), asOf))
  }
  return (
    <Toolbar label='Look up an entity'>
      <form className='row' onSubmit={submit}>
        <SearchField small label={keys.length === 0 ? 'Entity' : keys.join(' or ')} value={text} onChange={setText} width={280} />
        <Button small type='submit'>Look up</Button>
      </form>
      <span className='grow' />
      {dataTypes[0] !== undefined && (
        <div className='entity-as-of row'>
          <span className='t2 s12 nw'>As of</span>
          <AsOfForm key={`${asOf?.dataType} ${asOf?.runNumber}`} dataTypes={dataTypes} dataType={asOf?.dataType ?? dataTypes[0]} runNumber={asOf?.runNumber} onRun={(chosen) => goTo(entityAddress(entityId, chosen))} />
          {asOf !== undefined && <Button small variant='quiet' onClick={() => goTo(entityAddress(entityId))}>Now</Button>}
        </div>
      )}
    </Toolbar>
  )
}

function EntityBody({ data, keys, order, asOf }: { data: EntityData; keys: readonly string[]; order: readonly string[]; asOf: RunRef | undefined }) {
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
          {filled.filter((slice) => slice.dataType === type).map((slice) => <EntitySliceTable key={slice.dataset} slice={slice} entityId={data.entityId} asOf={asOf} />)}
        </section>
      ))}
      {data.history.length > 0 && <EntityHistory history={data.history} />}
    </div>
  )
}

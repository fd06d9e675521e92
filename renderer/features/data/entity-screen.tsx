import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { z } from 'zod'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import type { EntityData } from '../../../shared/contract/entities.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { ENTITY_TABS, entityAddress, type EntityTab, goTo } from '../../ui/addresses.ts'
import { PageHead, Toolbar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatCount, formatDuration } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { AsOfForm } from '../../ui/as-of-form.tsx'
import { EntityFinder } from './entity-finder.tsx'
import { EntityHistory } from './entity-history.tsx'
import { EntityTimelineView } from './entity-timeline-view.tsx'
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
  const label = data.data === undefined ? null : labelOf(data.data, dataTypes)
  return (
    <div className='view'>
      <section className='main' aria-label={`Entity ${entityId}`}>
        <PageHead title={<><span className='mono'>{entityId}</span>{label !== null && <span className='entity-label'>{label}</span>}</>} facts={data.data === undefined ? null : [entityFacts(data.data), indexes?.text].filter(Boolean).join(', ')} />
        <EntitySearch entityId={entityId} hint={hintOf(dataTypes)} asOf={asOf} dataTypes={order} />
        {data.error !== null && <ErrorState problem={problemOf(data.error)} onRetry={() => void data.refetch()} />}
        {data.isPending && <LoadingState rows={10}>Looking {entityId} up in every data type</LoadingState>}
        {data.data !== undefined && <EntityTabs data={data.data} keys={keys} order={order} asOf={asOf} />}
      </section>
    </div>
  )
}

interface EntityTabsProps {
  data: EntityData
  keys: readonly string[]
  order: readonly string[]
  asOf: RunRef | undefined
}

function EntityTabs({ data, keys, order, asOf }: EntityTabsProps) {
  const tab = useTab()
  const { entityId } = data
  return (
    <>
      <Tabs
        label='About the entity'
        tabs={[{ id: 'rows', label: 'Rows', count: formatCount(rowsOf(data)) }, { id: 'timeline', label: 'Timeline' }, { id: 'runs', label: 'Runs', count: formatCount(data.history.length) }]}
        value={tab}
        onChange={(chosen) => goTo(entityAddress(entityId, asOf, chosen))}
      />
      <TabPanel id={tab}>
        {tab === 'rows' && <EntityBody data={data} keys={keys} order={order} asOf={asOf} />}
        {tab === 'timeline' && <EntityTimelineView entityId={entityId} />}
        {tab === 'runs' && <EntityRuns data={data} />}
      </TabPanel>
    </>
  )
}

/** The run of the address, as of which to look. */
function useAsOf(): RunRef | undefined {
  const { type, run } = useSearch({ strict: false })
  return type === undefined || run === undefined ? undefined : { dataType: type, runNumber: run }
}

function useTab(): EntityTab {
  const { tab } = useSearch({ strict: false })
  return ENTITY_TABS.find((name) => name === tab) ?? 'rows'
}

function rowsOf({ slices }: Pick<EntityData, 'slices'>): number {
  return slices.reduce((sum, slice) => sum + slice.rowCount, 0)
}

const rowsSchema = z.array(z.array(z.unknown()))

/** What the pipelines declare that people call it. */
function labelOf({ slices }: EntityData, dataTypes: readonly DataTypeOutline[]): string | null {
  for (const { name, entityKey, entityNames } of dataTypes) {
    for (const slice of slices.filter(({ dataType, keyColumn }) => dataType === name && keyColumn === entityKey)) {
      const [row] = rowsSchema.parse(JSON.parse(slice.rowsJson))
      const found = entityNames.labels.map((label) => row?.[slice.columns.findIndex((column) => column.name === label)]).find((value) => typeof value === 'string')
      if (typeof found === 'string') return found
    }
  }
  return null
}

function hintOf(dataTypes: readonly DataTypeOutline[]): string {
  const names = [...new Set(dataTypes.flatMap(({ entityKey, entityNames }) => (entityKey === null ? [] : [entityKey, ...entityNames.labels, ...entityNames.identifiers])))]
  return names.length === 0 ? 'Entity' : `Find by ${names.join(', ')}`
}

function entityFacts({ slices, fromCache, tookMs }: EntityData): string {
  const filled = slices.filter((slice) => slice.rowCount > 0)
  const types = new Set(filled.map((slice) => slice.dataType)).size
  const cost = fromCache ? 'from cache' : formatDuration(tookMs)
  return `${countOf(rowsOf({ slices }), 'row')} in ${countOf(filled.length, 'dataset')} of ${countOf(types, 'data type')}, ${cost}`
}

interface EntitySearchProps {
  entityId: string
  /** What entities are found by. */
  hint: string
  asOf: RunRef | undefined
  dataTypes: readonly string[]
}

function EntitySearch({ entityId, hint, asOf, dataTypes }: EntitySearchProps) {
  return (
    <Toolbar label='Find an entity'>
      <EntityFinder entityId={entityId} hint={hint} onChoose={(chosen) => goTo(entityAddress(chosen, asOf))} />
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

function EntityBody({ data, keys, order, asOf }: EntityTabsProps) {
  const filled = data.slices.filter((slice) => slice.rowCount > 0)
  if (filled.length === 0) {
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
    </div>
  )
}

function EntityRuns({ data }: { data: EntityData }) {
  if (data.history.length === 0) return <EmptyState icon='runs' title={`No step accounts for ${data.entityId}`}>Entity steps, and SQL steps with grain: entity, keep what became of each entity in every run.</EmptyState>
  return (
    <div className='entity-body scroll' tabIndex={0} role='group' aria-label='Runs of the entity'>
      <EntityHistory history={data.history} />
    </div>
  )
}

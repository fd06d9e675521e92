import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { DatasetListItem } from '../../../shared/contract/datasets.contract.ts'
import type { WorkspaceSummary } from '../../../shared/contract/workspace.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { zoneIndex } from '../../../shared/domain/zone.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { type DataSearch, dataAddress } from '../../ui/addresses.ts'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { createDataView, DataViewContext, useDataView } from './data-view.store.ts'
import { DatasetTree } from './dataset-tree.tsx'
import { DatasetView } from './dataset-view.tsx'
import { RunToFill } from './run-to-fill.tsx'
import './data.css'

/** Curated tables and all others: the tree, one dataset, what is known of it. */
export function DataScreen() {
  const [store] = useState(() => createDataView(window.localStorage))
  return (
    <DataViewContext value={store}>
      <div className='view data-view'>
        <DataContents />
      </div>
    </DataViewContext>
  )
}

function DataContents() {
  const { queries } = useApi()
  const { dataset } = useParams({ strict: false })
  const search: DataSearch = useSearch({ strict: false })
  const list = useQuery(queries.datasets.list.queryOptions())
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const treeOpen = useDataView((state) => state.treeOpen)
  useStartingDataset(list.data, dataset)
  if (list.data === undefined) {
    return list.error === null ? <LoadingState rows={12}>Reading the datasets</LoadingState> : <ErrorState problem={problemOf(list.error)} onRetry={() => void list.refetch()} />
  }
  return (
    <>
      {treeOpen && <DatasetTree datasets={list.data} typeOrder={workspace.data?.dataTypes.map((type) => type.name) ?? []} current={dataset ?? null} currentView={search.view ?? null} />}
      <Chosen datasets={list.data} dataset={dataset} search={search} workspace={workspace.data} />
    </>
  )
}

const NO_TYPES: WorkspaceSummary['dataTypes'] = []

interface ChosenProps {
  datasets: readonly DatasetListItem[]
  dataset: string | undefined
  search: DataSearch
  workspace: WorkspaceSummary | undefined
}

function Chosen({ datasets, dataset, search, workspace }: ChosenProps) {
  const dataTypes = workspace?.dataTypes ?? NO_TYPES
  const entityKeys = useMemo(() => new Set(dataTypes.flatMap((type) => type.entityKey ?? [])), [dataTypes])
  if (dataset === undefined) {
    if (datasets.some((item) => item.version !== null)) return null
    return <div className='main'><RunToFill dataType={null} dataTypes={dataTypes} title='No dataset holds rows yet' /></div>
  }
  const item = datasets.find((candidate) => candidate.dataset === dataset)
  const name = parseDatasetId(dataset)
  if (item === undefined || name === null) return <div className='main'><UnknownDataset dataset={dataset} /></div>
  const version = search.v ?? item.version
  if (version === null) return <div className='main'><RunToFill dataType={item.dataType} dataTypes={dataTypes} title={`${dataset} holds no rows yet`} /></div>
  return <DatasetView key={dataset} dataset={dataset} name={name} version={version} search={search} entityKeys={entityKeys} />
}

function UnknownDataset({ dataset }: { dataset: string }) {
  return (
    <EmptyState icon='table' title={`This workspace has no dataset ${dataset}`} actions={<LinkButton href={dataAddress()}>Show the datasets</LinkButton>}>
      It may have been renamed, or the address is of another workspace.
    </EmptyState>
  )
}

/** Without a dataset in the address: the one that was open last, else the furthest that holds rows. */
function useStartingDataset(datasets: readonly DatasetListItem[] | undefined, dataset: string | undefined): void {
  const last = useDataView((state) => state.lastDataset)
  const opened = useDataView((state) => state.opened)
  useEffect(() => {
    if (dataset !== undefined) opened(dataset)
  }, [dataset, opened])
  useEffect(() => {
    if (dataset !== undefined || datasets === undefined) return
    const filled = datasets.filter((item) => item.version !== null)
    const start = filled.find((item) => item.dataset === last) ?? [...filled].sort((a, b) => startRank(b) - startRank(a))[0]
    if (start !== undefined) window.location.replace(dataAddress(start.dataset))
  }, [dataset, datasets, last])
}

/** Curated tables are what people look at; then results, and the others from late to early. */
function startRank(item: DatasetListItem): number {
  return item.zone === 'curated' ? 10 : zoneIndex(item.zone)
}

import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { ContractListItem } from '../../../shared/contract/contracts.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { checksAddress, contractsAddress, type ContractsSearch, goTo } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { CONTRACT_COLUMNS } from './contract-columns.tsx'
import { ContractDetail } from './contract-detail.tsx'
import { type OdcsFile, OdcsImport } from './odcs-import.tsx'
import { QualityFilters } from './quality-filters.tsx'
import { QualityFrame } from './quality-frame.tsx'
import { SuggestPanel } from './suggest-panel.tsx'

const route = getRouteApi('/quality/contracts')
const show = (search: ContractsSearch): void => goTo(contractsAddress(search))

/** What each dataset promises, and whether its last versions kept it. */
export function ContractsScreen() {
  const search: ContractsSearch = route.useSearch()
  const { queries } = useApi()
  const contracts = useQuery(queries.contracts.list.queryOptions({ input: {} }))
  const shown = (contracts.data ?? []).filter((item) => matches(item, search))
  return (
    <QualityFrame view='contracts' facts={contracts.data === undefined ? '' : factsOf(contracts.data)} dataType={search.dataType}>
      <QualityFilters label='Find in dataset or description' search={search} onChange={show} />
      {contracts.error !== null && <ErrorState problem={problemOf(contracts.error)} onRetry={() => void contracts.refetch()} />}
      {contracts.isPending && <LoadingState rows={10}>Reading the contracts</LoadingState>}
      {contracts.data !== undefined && <Contracts all={contracts.data.length} shown={shown} search={search} />}
    </QualityFrame>
  )
}

function Contracts({ all, shown, search }: { all: number; shown: readonly ContractListItem[]; search: ContractsSearch }) {
  if (all === 0) return <EmptyState icon='quality' title='There is no dataset yet'>A pipeline makes datasets. What one of them promises stands beside its step, in <span className='mono'>&lt;zone&gt;/&lt;name&gt;.yaml</span>.</EmptyState>
  if (shown.length === 0) return <EmptyState title='No dataset matches these filters' actions={<Button onClick={() => show({})}>Clear all filters</Button>}>Without them there {all === 1 ? 'is 1' : `are ${all}`}.</EmptyState>
  const chosen = shown.find(({ dataset }) => dataset === (search.suggest ?? search.dataset)) ?? shown[0]
  return (
    <>
      <VirtualTable
        label='Contracts' columns={CONTRACT_COLUMNS} total={shown.length} rowAt={(index) => shown[index]} rowKey={({ dataset }) => dataset} selectedKey={chosen?.dataset ?? null}
        onSelect={({ dataset }) => show({ ...search, dataset, suggest: undefined })} onOpen={({ dataset }) => goTo(checksAddress({ dataset }))}
      />
      {chosen !== undefined && <Chosen key={chosen.dataset} contract={chosen} search={search} />}
    </>
  )
}

/** What is known of a contract, or what is about to be written into it. */
function Chosen({ contract, search }: { contract: ContractListItem; search: ContractsSearch }) {
  const { dataset } = contract
  const [file, setFile] = useState<OdcsFile | null>(null)
  if (search.suggest !== undefined) return <SuggestPanel key={search.suggest} dataset={search.suggest} onClose={() => show({ ...search, dataset: search.suggest, suggest: undefined })} />
  if (file !== null) return <OdcsImport dataset={dataset} file={file} onClose={() => setFile(null)} />
  return <ContractDetail contract={contract} onFile={setFile} onSuggest={() => show({ ...search, dataset: undefined, suggest: dataset })} />
}

function matches({ dataset, dataType, description }: ContractListItem, search: ContractsSearch): boolean {
  const text = (search.text ?? '').toLowerCase()
  return (search.dataType === undefined || search.dataType === dataType) && `${dataset} ${description ?? ''}`.toLowerCase().includes(text)
}

function factsOf(contracts: readonly ContractListItem[]): string {
  const promised = contracts.filter(({ ruleCount }) => ruleCount > 0)
  const rules = promised.reduce((sum, { ruleCount }) => sum + ruleCount, 0)
  return `${countOf(rules, 'rule')} for ${promised.length} of ${countOf(contracts.length, 'dataset')}`
}

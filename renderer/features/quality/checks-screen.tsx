import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { CheckTrend } from '../../../shared/contract/checks.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { checksAddress, type ChecksSearch, goTo, qualityAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { CHECK_COLUMNS } from './check-columns.tsx'
import { CheckDetail } from './check-detail.tsx'
import { QualityFilters } from './quality-filters.tsx'
import { QualityFrame } from './quality-frame.tsx'

const route = getRouteApi('/quality/checks')
const show = (search: ChecksSearch): void => goTo(checksAddress(search))

/** Every rule with what it found last and before; the chosen one with its results and the rows that break it. */
export function ChecksScreen() {
  const search: ChecksSearch = route.useSearch()
  const { queries } = useApi()
  const checks = useQuery(queries.checks.list.queryOptions({ input: search.dataset === undefined ? {} : { dataset: search.dataset } }))
  const shown = (checks.data ?? []).filter((check) => matches(check, search))
  return (
    <QualityFrame view='checks' facts={checks.data === undefined ? '' : factsOf(checks.data)} dataType={search.dataType}>
      <QualityFilters label='Find in rule, dataset or message' search={search} onChange={(next) => show({ ...next, dataset: search.dataset })}>
        {search.dataset !== undefined && <Button icon='close' iconSize={11} title='Show the rules of every dataset again' onClick={() => show({ ...search, dataset: undefined, rule: undefined })}><span className='mono'>{search.dataset}</span></Button>}
      </QualityFilters>
      {checks.error !== null && <ErrorState problem={problemOf(checks.error)} onRetry={() => void checks.refetch()} />}
      {checks.isPending && <LoadingState rows={10}>Reading the checks</LoadingState>}
      {checks.data !== undefined && <Checks all={checks.data} shown={shown} search={search} />}
    </QualityFrame>
  )
}

function Checks({ all, shown, search }: { all: readonly CheckTrend[]; shown: readonly CheckTrend[]; search: ChecksSearch }) {
  if (all.length === 0) {
    return (
      <EmptyState icon='quality' title='No check was evaluated yet' actions={<LinkButton variant='primary' href={qualityAddress('contracts')}>Look at the contracts</LinkButton>}>
        A contract beside a step, <span className='mono'>&lt;zone&gt;/&lt;name&gt;.yaml</span>, promises types, keys and rules. Each is checked when a run makes a version, before anything is published.
      </EmptyState>
    )
  }
  if (shown.length === 0) return <EmptyState title='No check matches these filters' actions={<Button onClick={() => show({})}>Clear all filters</Button>}>Without them there are {formatCount(all.length)}.</EmptyState>
  const chosen = shown.find((check) => isChosen(check, search)) ?? shown[0]
  return (
    <>
      <VirtualTable
        label='Checks'
        columns={CHECK_COLUMNS}
        total={shown.length}
        rowAt={(index) => shown[index]}
        rowKey={keyOf}
        selectedKey={chosen === undefined ? null : keyOf(chosen)}
        onSelect={(check) => show({ ...search, rule: keyOf(check) })}
      />
      {chosen !== undefined && <CheckDetail key={keyOf(chosen)} check={chosen} />}
    </>
  )
}

/** Rules of one name may stand in several contracts, so the address of a choice among all names the dataset too. */
function keyOf({ dataset, rule }: CheckTrend): string {
  return `${dataset} ${rule}`
}

function isChosen(check: CheckTrend, { rule, dataset }: ChecksSearch): boolean {
  return rule === keyOf(check) || (dataset === check.dataset && rule === check.rule)
}

function matches({ rule, dataset, dataType, message }: CheckTrend, search: ChecksSearch): boolean {
  const text = (search.text ?? '').toLowerCase()
  return (search.dataType === undefined || search.dataType === dataType) && `${rule} ${dataset} ${message}`.toLowerCase().includes(text)
}

function factsOf(checks: readonly CheckTrend[]): string {
  const holds = checks.filter(({ passed }) => passed).length
  return `${formatCount(holds)} of ${formatCount(checks.length)} hold`
}

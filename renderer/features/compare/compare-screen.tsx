import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { RunDiff } from '../../../shared/contract/compare.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { compareAddress, type CompareSearch, goTo, runsAddress } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SelectField } from '../../ui/field.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { CompareFacts } from './compare-facts.tsx'
import { CompareSteps } from './compare-steps.tsx'
import { DataDiff } from './data-diff.tsx'
import './compare.css'

const route = getRouteApi('/runs/compare')
/** Runs that the two lists offer. */
const RUNS_OFFERED = 200

/** Two runs of a data type side by side: facts, steps with their code, and the data of the chosen dataset. */
export function CompareScreen() {
  const search: CompareSearch = route.useSearch()
  const { dataType, from, to } = search
  return (
    <div className='view'>
      <section className='main' aria-label='Compare runs' data-region='' tabIndex={-1}>
        {dataType === undefined || from === undefined || to === undefined ? <NothingChosen /> : <Compared key={`${dataType} ${from} ${to}`} search={search} from={{ dataType, runNumber: from }} to={{ dataType, runNumber: to }} />}
      </section>
    </div>
  )
}

function NothingChosen() {
  return (
    <EmptyState title='Choose two runs' icon='diff' actions={<LinkButton variant='primary' href={runsAddress}>All runs</LinkButton>}>
      Mark two runs of one data type in the list, or open a run and compare it with the one before.
    </EmptyState>
  )
}

interface ComparedProps {
  search: CompareSearch
  from: RunRef
  to: RunRef
}

function Compared({ search, from, to }: ComparedProps) {
  const { queries } = useApi()
  const diff = useQuery(queries.compare.runs.queryOptions({ input: { from, to } }))
  return (
    <>
      <PageHead
        title='Compare runs'
        facts={<span className='row'>of <span className='mono'>{from.dataType}</span></span>}
        actions={<Choice search={search} from={from} to={to} />}
      />
      {diff.data !== undefined ? <Loaded diff={diff.data} search={search} /> : diff.error !== null ? (
        <ErrorState problem={problemOf(diff.error)} onRetry={() => void diff.refetch()} actions={<LinkButton small href={runsAddress}>All runs</LinkButton>} />
      ) : <LoadingState rows={8}>Comparing the runs</LoadingState>}
    </>
  )
}

/** The two runs, and the way to swap them. */
function Choice({ search, from, to }: ComparedProps) {
  const { queries } = useApi()
  const runs = useQuery(queries.runs.list.queryOptions({ input: { dataType: from.dataType, limit: RUNS_OFFERED } }))
  const numbers = [...new Set([...(runs.data?.runs.map((run) => run.runNumber) ?? []), from.runNumber, to.runNumber])].toSorted((a, b) => b - a)
  const options = numbers.map((number) => ({ value: String(number), label: `#${number}` }))
  return (
    <span className='row'>
      <SelectField label='Older run' width={86} value={String(from.runNumber)} options={options} onChange={(number) => goTo(compareAddress({ ...search, from: Number(number) }))} />
      <span className='t3 s12'>with</span>
      <SelectField label='Newer run' width={86} value={String(to.runNumber)} options={options} onChange={(number) => goTo(compareAddress({ ...search, to: Number(number) }))} />
      <Button variant='quiet' icon='diff' onClick={() => goTo(compareAddress({ ...search, from: to.runNumber, to: from.runNumber }))} title='The older becomes the newer'>Swap</Button>
    </span>
  )
}

function Loaded({ diff, search }: { diff: RunDiff; search: CompareSearch }) {
  const comparable = diff.steps.filter((step) => step.data !== null)
  const chosen =
    diff.steps.find((step) => step.dataset === search.dataset) ??
    comparable.findLast((step) => step.data?.isSame === false && step.code === 'changed') ?? comparable.findLast((step) => step.data?.isSame === false) ?? diff.steps.at(-1)
  const choose = (dataset: string): void => goTo(compareAddress({ ...search, dataset, kind: undefined }))
  return (
    <>
      <CompareFacts diff={diff} />
      <div className='compare-body'>
        <CompareSteps diff={diff} chosen={chosen} onChoose={choose} />
        {chosen === undefined ? <EmptyState title='No step to compare'>Neither run came as far as planning its steps.</EmptyState> : <DataDiff key={chosen.dataset} step={chosen} search={search} />}
      </div>
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { DatasetDetail, Version } from '../../../shared/contract/datasets.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, diffAddress, type DiffAddress, goTo } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SelectField } from '../../ui/field.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { VersionDiffView } from './version-diff.tsx'
import './compare.css'

const route = getRouteApi('/data/$dataset/diff')

/** Two versions of one dataset, row by row; without numbers in the address, the current one with the one before. */
export function VersionsScreen() {
  const { dataset } = route.useParams()
  const search: DiffAddress = route.useSearch()
  const { queries } = useApi()
  const detail = useQuery(queries.datasets.get.queryOptions({ input: { dataset, ...(search.to === undefined ? {} : { version: search.to }) } }))
  return (
    <div className='view'>
      <section className='main' aria-label={`Compare versions of ${dataset}`} data-region='' tabIndex={-1}>
        {detail.data !== undefined ? <Loaded detail={detail.data} search={search} /> : detail.error === null ? <LoadingState rows={8}>Reading the versions of {dataset}</LoadingState> : (
          <ErrorState problem={problemOf(detail.error)} onRetry={() => void detail.refetch()} actions={<LinkButton small href={dataAddress()}>All datasets</LinkButton>} />
        )}
      </section>
    </div>
  )
}

function Loaded({ detail, search }: { detail: DatasetDetail; search: DiffAddress }) {
  const { dataset } = detail
  const kept = detail.versions.filter((version) => version.removedAt === null)
  const to = search.to ?? detail.version
  const from = search.from ?? kept.find((version) => version.version < to)?.version
  if (from === undefined) {
    return (
      <EmptyState title={`v${to} is the first version`} icon='diff' actions={<LinkButton href={dataAddress(dataset, { v: to })}>Open data</LinkButton>}>
        There is no other version of <span className='mono'>{dataset}</span> to compare it with. The next run that changes its data makes one.
      </EmptyState>
    )
  }
  return (
    <>
      <PageHead
        title='Compare versions'
        facts={<span className='row'>of <a className='mono' href={dataAddress(dataset, { v: to })}>{dataset}</a></span>}
        actions={<Choice dataset={dataset} versions={kept} search={{ ...search, from, to }} />}
      />
      <VersionDiffView key={`${from} ${to}`} dataset={dataset} from={from} to={to} search={search} addressOf={({ kind, key }) => diffAddress(dataset, { from, to, kind, key })} />
    </>
  )
}

/** The two versions, and the way to swap them. */
function Choice({ dataset, versions, search }: { dataset: string; versions: readonly Version[]; search: DiffAddress & { from: number; to: number } }) {
  const { from, to, key } = search
  const options = versions.map((version) => ({ value: String(version.version), label: `v${version.version}, run #${version.runNumber}${version.isCurrent ? ', current' : version.publishedAt === null ? ', not published' : ''}` }))
  const go = (next: { from?: number; to?: number }): void => goTo(diffAddress(dataset, { from, to, key, ...next }))
  return (
    <span className='row'>
      <SelectField label='Older version' width={204} value={String(from)} options={options} onChange={(number) => go({ from: Number(number) })} />
      <span className='t3 s12'>with</span>
      <SelectField label='Newer version' width={204} value={String(to)} options={options} onChange={(number) => go({ to: Number(number) })} />
      <Button variant='quiet' icon='diff' onClick={() => go({ from: to, to: from })} title='The older becomes the newer'>Swap</Button>
    </span>
  )
}

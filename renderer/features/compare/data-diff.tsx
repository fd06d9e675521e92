import type { ComparedStep } from '../../../shared/contract/compare.contract.ts'
import { compareAddress, type CompareSearch } from '../../ui/addresses.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { VersionDiffView } from './version-diff.tsx'

/** What the chosen dataset's versions of two runs have apart. */
export function DataDiff({ step, search }: { step: ComparedStep; search: CompareSearch }) {
  const { dataset, data } = step
  return (
    <section className='data-diff' aria-label={`Data of ${dataset}`} data-region='' tabIndex={-1}>
      {data === null ? (
        <EmptyState title='No data to compare' icon='table'>One of the runs made no version of <span className='mono'>{dataset}</span>, or its files were removed.</EmptyState>
      ) : <VersionDiffView dataset={dataset} from={data.fromVersion} to={data.toVersion} search={search} addressOf={({ kind, key }) => compareAddress({ ...search, dataset, kind, key })} />}
    </section>
  )
}

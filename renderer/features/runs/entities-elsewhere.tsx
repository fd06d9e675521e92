import type { EntitiesElsewhere } from '../../../shared/contract/runs.contract.ts'
import { runAddress } from '../../ui/addresses.ts'
import { countOf } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'

/** Steps that were reused: their entities are accounted for where the version was made. */
export function AccountedElsewhere({ elsewhere }: { elsewhere: readonly EntitiesElsewhere[] }) {
  if (elsewhere.length === 0) return null
  return (
    <ul className='entities-elsewhere' aria-label='Accounted for in earlier runs'>
      {elsewhere.map(({ dataset, version, run, entities }) => (
        <li key={dataset}>
          <Status small status='reused' />
          <span className='mono cut'>{dataset.slice(dataset.indexOf('.') + 1)}</span>
          <span className='t2 cut grow'>v{version} holds {countOf(entities, 'entity', 'entities')} that were accounted for in <a href={runAddress(run, 'entities')}>{run.dataType} #{run.runNumber}</a></span>
        </li>
      ))}
    </ul>
  )
}

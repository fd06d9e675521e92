import { parseDatasetId } from '../../../shared/domain/naming.ts'
import type { QuarantineGroup } from '../../../shared/contract/quarantine.contract.ts'
import { formatCount } from '../../ui/format.ts'
import { StatusMark } from '../../ui/status.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { seenText } from './quarantine-words.ts'

interface QuarantineGroupsProps {
  groups: readonly QuarantineGroup[]
  chosen: QuarantineGroup | undefined
  onChoose: (group: QuarantineGroup) => void
}

/** Reasons under their datasets, those with most to do first. */
export function QuarantineGroups({ groups, chosen, onChoose }: QuarantineGroupsProps) {
  const datasets = [...new Set(groups.map(({ dataset }) => dataset))]
  return (
    <nav className='q-groups' aria-label='Reasons' data-region='' tabIndex={-1}>
      {datasets.map((dataset) => {
        const mine = groups.filter((group) => group.dataset === dataset)
        return (
          <section key={dataset} aria-label={dataset}>
            <DatasetHead dataset={dataset} count={mine.reduce((sum, { count }) => sum + count, 0)} />
            {mine.map((group) => (
              <button key={group.signature} type='button' className='q-group' aria-current={group === chosen ? 'true' : undefined} title={group.reason} onClick={() => onChoose(group)}>
                <span className='q-group-head'><b className='cut'>{titleOf(group)}</b><b className='num'>{formatCount(group.count)}</b></span>
                <span className='q-group-foot t2'>
                  <StatusMark status={group.open > 0 ? 'quarantined' : 'succeeded'} size={12} />
                  <span className='mono cut'>{group.rule ?? 'not readable'}</span>
                  <span className='t3 num'>{seenText(group)}</span>
                </span>
              </button>
            ))}
          </section>
        )
      })}
    </nav>
  )
}

/** What the records of a group have in common, without their values. */
export function titleOf({ rule, column, signature, reason, count }: QuarantineGroup): string {
  // Where a column is named, its value was none of its type.
  if (rule === null) return column === null ? (count === 1 ? reason : signature) : `${column} does not fit its type`
  const [kind = rule] = rule.split('(', 1)
  const words = RULE_WORDS[kind]
  return words === undefined ? rule : `${column ?? rule.slice(kind.length + 1, -1)} ${words}`
}

const RULE_WORDS: Readonly<Record<string, string>> = {
  not_null: 'is missing', unique: 'occurs more than once', range: 'is out of range', pattern: 'has another pattern', accepted_values: 'is none of the values', relationship: 'is not in the other dataset', length: 'has another length',
}

function DatasetHead({ dataset, count }: { dataset: string; count: number }) {
  const zone = parseDatasetId(dataset)?.zone
  return (
    <div className='q-dataset'>
      {zone !== undefined && <ZoneMark zone={zone} size={12} />}
      <span className='mono cut' title={dataset}>{dataset}</span>
      <b className='num'>{formatCount(count)}</b>
    </div>
  )
}

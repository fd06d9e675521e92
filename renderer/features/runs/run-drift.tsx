import type { CheckResult, RunStep } from '../../../shared/contract/runs.contract.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { checkStatus } from '../../ui/check-status.ts'
import { Status, type StatusName } from '../../ui/status.tsx'

/** Datasets whose columns are other than in the version before: how, and what the dataset's policy makes of it. */
export function RunDrift({ steps, checks }: { steps: readonly RunStep[]; checks: readonly CheckResult[] }) {
  const drifted = steps.flatMap(({ dataset, zone, name, version, drift }) => (drift === null ? [] : [{ dataset, label: `${zone}.${name}`, version, drift }]))
  if (drifted.length === 0) return null
  return (
    <ul className='run-drift' aria-label='Columns that changed'>
      {drifted.map(({ dataset, label, version, drift }) => {
        const { status, words } = outcomeOf(checks.find((check) => check.dataset === dataset && check.rule === 'drift'))
        return (
          <li key={dataset}>
            <Status small status={status} text={words} />
            <a className='mono' href={dataAddress(dataset, version === null ? {} : { v: version })}>{label}</a>
            <span className='cut' title={drift.text}>against v{drift.against}: {drift.text}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** Without a check the policy is evolve: what changed is on record and no more. */
function outcomeOf(check: CheckResult | undefined): { status: StatusName; words: string } {
  if (check === undefined) return { status: 'succeeded', words: 'Columns changed, taken on' }
  if (check.override !== null) return { status: 'warning', words: 'Columns changed, let pass' }
  return { status: checkStatus(check), words: check.severity === 'block' ? 'Columns changed, blocks' : 'Columns changed, warns' }
}

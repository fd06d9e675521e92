import { useQuery } from '@tanstack/react-query'
import type { Gate } from '../../../shared/contract/gates.contract.ts'
import type { Run } from '../../../shared/contract/runs.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { useApi } from '../../api/api.tsx'
import { refOf } from '../../api/use-run-commands.ts'
import { approvalAddress } from '../../ui/addresses.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Status, type StatusName } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

/** What the run waits for, or how it was decided; nothing for runs without gates. */
export function RunGates({ run }: { run: Run }) {
  const { queries } = useApi()
  const gates = useQuery(queries.gates.ofRun.queryOptions({ input: { run: refOf(run) } }))
  const known = gates.data?.gates ?? []
  if (known.length === 0) return null
  return (
    <ul className='run-gates' aria-label='Gates'>
      {known.map((gate) => <GateLine key={gate.name} gate={gate} isWaiting={gate.state === 'waiting' && run.state === 'waiting'} />)}
    </ul>
  )
}

const STATES: Readonly<Record<Gate['state'], { status: StatusName; text: string }>> = {
  waiting: { status: 'cancelled', text: 'Not decided' },
  approved: { status: 'succeeded', text: 'Approved' },
  rejected: { status: 'failed', text: 'Rejected' },
}

function GateLine({ gate, isWaiting }: { gate: Gate; isWaiting: boolean }) {
  const { name, state, reason, message } = gate
  const shown = isWaiting ? { status: 'waiting' as const, text: 'Waits for approval' } : STATES[state]
  return (
    <li className={isWaiting ? 'waiting' : undefined}>
      <Status {...shown} />
      <span className='mono'>{name}</span>
      <span className='t2 cut grow' title={reason ?? message ?? undefined}><GateText gate={gate} isWaiting={isWaiting} /></span>
      <LinkButton small variant={isWaiting ? 'primary' : 'plain'} icon='gate' iconSize={12} href={approvalAddress(gate.run, { gate: name })}>{isWaiting ? 'Look and decide' : 'Show'}</LinkButton>
    </li>
  )
}

/** The question, or who answered it. */
function GateText({ gate: { message, shown, decidedBy, decidedAt, reason }, isWaiting }: { gate: Gate; isWaiting: boolean }) {
  const what = shown.map(({ dataset, version }) => `${dataset.slice(dataset.indexOf('.') + 1)} v${version}`).join(', ')
  if (isWaiting) return <>{message ?? `${what} is up for approval`}</>
  if (decidedBy === null || decidedAt === null) return <>{what}</>
  return <>{actorText(decidedBy)}, <TimeAgo at={decidedAt} />{reason === null ? '' : `: ${reason}`}</>
}

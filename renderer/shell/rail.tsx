import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useApi } from '../api/api.tsx'
import { Badge } from '../ui/chip.tsx'
import { useKeyCaps } from '../ui/keys/key-bindings.ts'
import { Icon } from '../ui/icon.tsx'
import { SCREENS } from './screens.ts'

interface RailCount {
  count: number
  /** What the count is of, for those who hear it. */
  words: string
  /** A count, and no call. */
  quiet: boolean
}

const NOTHING: RailCount = { count: 0, words: '', quiet: true }

/** The screens, with what waits for a person beside them. Settings at the foot. */
export function Rail() {
  const { pathname } = useLocation()
  const { queries } = useApi()
  const attention = useQuery({
    ...queries.workspace.overview.queryOptions(),
    select: (overview) => overview.attention.filter((item) => item.runNumber !== null && item.kind !== 'quarantine' && item.kind !== 'warned_check').length,
  })
  const queues = useQuery({ ...queries.quarantine.queues.queryOptions(), select: (answer) => answer.queues.reduce((sum, { open }) => sum + open, 0) })
  const counts: Readonly<Record<string, RailCount>> = { runs: { count: attention.data ?? 0, words: 'need you', quiet: false }, quality: { count: queues.data ?? 0, words: 'records in quarantine', quiet: true } }
  return (
    <nav className='rail' aria-label='Screens' data-region='' tabIndex={-1}>
      {SCREENS.map((screen) => (
        <Fragment key={screen.id}>
          {screen.id === 'settings' && <span className='gap' />}
          <RailLink screen={screen} isHere={pathname.split('/')[1] === screen.id} {...(counts[screen.id] ?? NOTHING)} />
        </Fragment>
      ))}
    </nav>
  )
}

function RailLink({ screen, isHere, count, words, quiet }: RailCount & { screen: (typeof SCREENS)[number]; isHere: boolean }) {
  const keys = useKeyCaps(screen.command)
  return (
    <a href={screen.address} aria-current={isHere ? 'page' : undefined} title={keys === undefined ? screen.label : `${screen.label} (${keys})`}>
      <Icon name={screen.icon} size={18} />
      <span>{screen.label}</span>
      {count > 0 && (
        <>
          <Badge count={count} quiet={quiet} />
          <span className='sr-only'>{words}</span>
        </>
      )}
    </a>
  )
}

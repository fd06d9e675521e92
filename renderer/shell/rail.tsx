import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useApi } from '../api/api.tsx'
import { Badge } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { SCREENS } from './screens.ts'

/** The screens, with what waits for a person beside them. Settings at the foot. */
export function Rail() {
  const { pathname } = useLocation()
  const { queries } = useApi()
  const attention = useQuery({
    ...queries.workspace.overview.queryOptions(),
    select: (overview) => overview.attention.filter((item) => item.runNumber !== null && item.kind !== 'quarantine' && item.kind !== 'warned_check').length,
  })
  return (
    <nav className='rail' aria-label='Screens' data-region='' tabIndex={-1}>
      {SCREENS.map((screen, index) => {
        const count = screen.id === 'runs' ? (attention.data ?? 0) : 0
        return (
          <Fragment key={screen.id}>
            {screen.id === 'settings' && <span className='gap' />}
            <a
              href={screen.address}
              aria-current={pathname.split('/')[1] === screen.id ? 'page' : undefined}
              aria-keyshortcuts={`Alt+${index + 1}`}
              title={`${screen.label} (Alt ${index + 1})`}
            >
              <Icon name={screen.icon} size={18} />
              <span>{screen.label}</span>
              {count > 0 && (
                <>
                  <Badge count={count} />
                  <span className='sr-only'>need you</span>
                </>
              )}
            </a>
          </Fragment>
        )
      })}
    </nav>
  )
}

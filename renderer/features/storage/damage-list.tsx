import { useQuery } from '@tanstack/react-query'
import type { Damage } from '../../../shared/contract/storage.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Badge } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatCount } from '../../ui/format.ts'
import { Status, type StatusName } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

const SHOWN = 200

const STATUS: Readonly<Record<Damage['kind'], StatusName>> = { changed: 'failed', missing: 'failed', unexpected: 'warning' }

/** Files that are not as Strata wrote them: what was last found. */
export function DamageList() {
  const { queries } = useApi()
  const damages = useQuery(queries.storage.damages.queryOptions({ input: { limit: SHOWN } }))
  const found = damages.data
  return (
    <>
      <PanelHead title={<>Changed files{found !== undefined && found.total > 0 && <>{' '}<Badge count={found.total} /></>}</>} />
      {damages.error !== null && <ErrorState inline problem={problemOf(damages.error)} onRetry={() => void damages.refetch()} />}
      {found !== undefined && found.total === 0 && <EmptyState inline title='No file is known to have changed'>Verify files reads all of them again, as often as you like.</EmptyState>}
      {found !== undefined && found.total > 0 && (
        <ol className='damage-list scroll' tabIndex={0} aria-label='Changed files'>
          {found.damages.map((damage) => (
            <li key={damage.path}>
              <div className='row row-4'>
                <Status small status={STATUS[damage.kind]} text={damage.kind} />
                {damage.version !== null && <a className='cut' href={dataAddress(damage.dataset, { v: damage.version })}>{damage.dataset} v{damage.version}</a>}
                <span className='end t3'><TimeAgo bare at={damage.at} /></span>
              </div>
              <div className='mono wrap'>{damage.path}</div>
              <div className='t2'>{damage.text}</div>
            </li>
          ))}
          {found.total > found.damages.length && <li className='t2'>{formatCount(found.total - found.damages.length)} more: strata verify</li>}
        </ol>
      )}
    </>
  )
}

import type { EntityData } from '../../../shared/contract/entities.contract.ts'
import { runAddress } from '../../ui/addresses.ts'
import { formatCount } from '../../ui/format.ts'
import { entityStatus, Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

/** What runs did to the entity, newest first. */
export function EntityHistory({ history }: { history: EntityData['history'] }) {
  return (
    <section className='entity-slice' aria-label='What runs did to it'>
      <h2 className='entity-type'>What runs did to it</h2>
      <div className='rows-table' tabIndex={0} role='region' aria-label='Runs of the entity'>
        <table className='t'>
          <thead>
            <tr><th scope='col'>Run</th><th scope='col'>Step</th><th scope='col'>State</th><th scope='col' className='num'>Rows</th><th scope='col'>When</th><th scope='col'>Error</th></tr>
          </thead>
          <tbody>
            {history.map((item) => (
              <tr key={`${item.dataType} ${item.runNumber} ${item.dataset} ${item.at}`}>
                <td><a href={runAddress(item, 'entities')}>{item.dataType} #{item.runNumber}</a></td>
                <td className='mono'>{item.dataset}</td>
                <td><Status status={entityStatus(item.state)} /></td>
                <td className='num'>{formatCount(item.rows)}</td>
                <td><TimeAgo at={item.at} /></td>
                <td title={item.error ?? undefined}>{item.error ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

import { useQuery } from '@tanstack/react-query'
import type { Overview } from '../../../shared/contract/workspace.contract.ts'
import { useApi } from '../../api/api.tsx'
import { ingestAddress } from '../../ui/addresses.ts'
import { IconButton } from '../../ui/button.tsx'
import { markFirstSteps, useFirstSteps } from '../../ui/first-steps.store.ts'
import { Icon } from '../../ui/icon.tsx'
import './welcome.css'

/** After the first run: what else there is, until it was done or put away. */
export function FirstSteps({ overview }: { overview: Overview }) {
  const { queries } = useApi()
  const { dismissed, seen } = useFirstSteps()
  const handedOut = useQuery(queries.exports.list.queryOptions({ input: { limit: 1 } }))
  const steps = [
    { text: 'Bring in files of your own', done: overview.dataTypes.length > 0, address: ingestAddress() },
    { text: 'Let a pipeline go through once', done: overview.dataTypes.some(({ lastRun }) => lastRun !== null), address: null },
    { text: 'Open a table and filter it', done: seen.includes('data'), address: '#/data' },
    { text: 'See what the rules found', done: seen.includes('quality'), address: '#/quality' },
    { text: 'Hand a table out as a file', done: (handedOut.data?.total ?? 0) > 0, address: '#/data' },
  ]
  const isBegun = steps[1]?.done === true
  if (dismissed || !isBegun || handedOut.data === undefined || steps.every(({ done }) => done)) return null
  return (
    <section className='first-steps' aria-label='First steps'>
      <header>
        <h2>First steps</h2>
        <IconButton small variant='quiet' icon='close' iconSize={12} label='Put the first steps away' onClick={() => markFirstSteps({ dismissed: true })} />
      </header>
      <ol>
        {steps.map(({ text, done, address }) => (
          <li key={text} className={done ? 'done' : undefined}>
            <Icon name={done ? 'check' : 'right'} size={12} />
            <span className='sr-only'>{done ? 'Done: ' : 'To do: '}</span>
            {done || address === null ? text : <a href={address}>{text}</a>}
          </li>
        ))}
      </ol>
    </section>
  )
}

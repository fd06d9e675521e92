import { toProblem } from '../../shared/domain/problem.ts'
import { overviewAddress } from '../ui/addresses.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <EmptyState title='No view has this address' icon='link' actions={<LinkButton variant='primary' href={overviewAddress}>Go to Overview</LinkButton>}>
      It may have been typed by hand, or come from another version of Strata.
    </EmptyState>
  )
}

/** A view that could not be drawn. */
export function RouteError({ error, reset }: { error: unknown; reset: () => void }) {
  const problem = toProblem(error)
  return (
    <div className='view'>
      <div className='main'>
        <ErrorState
          problem={{ ...problem, message: `This view stopped: ${problem.message}` }}
          onRetry={reset}
          actions={<Button small variant='quiet' onClick={() => window.location.reload()}>Reload the window</Button>}
        >
          The data is untouched, and runs go on. Only what was drawn here is gone.
        </ErrorState>
      </div>
    </div>
  )
}

import { useApi, useConnectionState } from '../api/api.tsx'
import { Button } from '../ui/button.tsx'
import { useDelayed } from '../ui/loading-state.tsx'
import { StatusMark } from '../ui/status.tsx'

/** Says that the engine is away, what that means, and what to do; nothing while all is well. */
export function ConnectionBanner() {
  const state = useConnectionState()
  switch (state.phase) {
    case 'ready':
      return null
    case 'connecting':
      return <Connecting />
    case 'lost':
      return <Lost reason={state.reason} attempt={state.attempt} />
    case 'refused':
      return <Refused message={state.problem.message} hint={state.problem.hint} />
  }
}

function Connecting() {
  return useDelayed(600) ? (
    <div className='banner quiet' role='status'>
      <StatusMark status='running' />
      <span className='grow'>Starting the engine</span>
    </div>
  ) : null
}

function Lost({ reason, attempt }: { reason: string; attempt: number }) {
  const { connection } = useApi()
  return (
    <div className='banner' role='alert'>
      <StatusMark status='interrupted' />
      <span className='grow cut'>
        <b className='strong'>Engine lost, reconnecting.</b> What you see may be old; published data is safe, and runs resume.{' '}
        <span className='t2'>{reason}{attempt > 1 ? `, try ${attempt}` : ''}</span>
      </span>
      <Button small icon='retry' onClick={() => connection.retryNow()}>Reconnect now</Button>
    </div>
  )
}

function Refused({ message, hint }: { message: string; hint: string | null }) {
  const { connection, host } = useApi()
  return (
    <div className='banner' role='alert'>
      <StatusMark status='failed' />
      <span className='grow'><b className='strong'>{message}.</b> {hint}</span>
      {host !== null && <Button small icon='folder' onClick={() => void host.openWorkspace().then(() => connection.retryNow())}>Open another workspace</Button>}
      <Button
        small
        icon='retry'
        onClick={() => {
          host?.restartEngine()
          connection.retryNow()
        }}
      >
        Try again
      </Button>
    </div>
  )
}

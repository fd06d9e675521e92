import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { problemOf } from '../../api/problem-of.ts'
import { useDelivery } from '../../api/use-delivery.ts'
import { goTo, ingestAddress } from '../../ui/addresses.ts'
import { PageHead } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Progress } from '../../ui/progress.tsx'
import { SendingDialog } from '../../ui/sending-dialog.tsx'
import { useToast } from '../../ui/toast.tsx'
import { DropPlace } from './drop-place.tsx'
import { IngestWork } from './ingest-work.tsx'
import { type Sniffing, useSniff } from './use-guess.ts'
import '../../ui/table.css'
import './ingest.css'

const NO_PATHS: readonly string[] = []

/** What delivered files are, before they are a source: every guess with its evidence, to be changed, with a preview that follows. */
export function IngestScreen() {
  const { paths = NO_PATHS }: { paths?: readonly string[] | undefined } = useSearch({ strict: false })
  return <div className='view'>{paths.length === 0 ? <Start /> : <Looking key={JSON.stringify(paths)} paths={paths} />}</div>
}

function Start() {
  const { deliver, sending, cancel } = useDelivery()
  const toast = useToast()
  return (
    <section className='main' aria-label='Add data' data-region='' tabIndex={-1}>
      <PageHead title='Add data' facts='nothing is written before you save' />
      <DropPlace
        onChosen={(items) => {
          deliver(items).then((paths) => goTo(ingestAddress(paths)), (error: unknown) => {
            const problem = problemOf(error)
            if (problem.code !== 'CANCELLED') toast({ status: 'failed', title: problem.message })
          })
        }}
      />
      <SendingDialog sending={sending} onCancel={cancel} />
    </section>
  )
}

function Looking({ paths }: { paths: readonly string[] }) {
  const [isStopped, setIsStopped] = useState(false)
  const { data, error, progress, refetch } = useSniff(paths, isStopped)
  if (data !== undefined && data.sources.length > 0) return <IngestWork sniffed={data} paths={paths} />
  const what = paths.length === 1 ? (paths[0] ?? '').split(/[\\/]/).at(-1) ?? '' : countOf(paths.length, 'file')
  return (
    <section className='main' aria-label='Add data' data-region='' tabIndex={-1}>
      <PageHead title='Add data' facts={what} actions={<LinkButton href={ingestAddress()}>Choose other files</LinkButton>} />
      {error !== null ? <ErrorState problem={problemOf(error)} onRetry={refetch} />
        : isStopped ? <div className='ingest-note'><Button onClick={() => setIsStopped(false)}>{`Look at ${what}`}</Button></div>
          : <OnTheWay what={what} progress={progress} onStop={() => setIsStopped(true)} />}
    </section>
  )
}

function OnTheWay({ what, progress, onStop }: { what: string; progress: Sniffing['progress']; onStop: () => void }) {
  const note = progress?.note ?? null
  return (
    <>
      <LoadingState rows={8} actions={<Button small onClick={onStop}>Stop</Button>}>Looking at {what}{note === null || note === what ? '' : `: ${note}`}</LoadingState>
      {progress !== null && <div className='ingest-note'><Progress label='Looked at' share={progress.share} width={320} /></div>}
    </>
  )
}

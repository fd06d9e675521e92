import { useEffect } from 'react'
import type { EngineEvent } from '../../shared/contract/runs.contract.ts'
import { useApi } from '../api/api.tsx'
import { goTo, runAddress } from '../ui/addresses.ts'
import type { StatusName } from '../ui/status.tsx'
import { type ToastRequest, useToast } from '../ui/toast.tsx'

const NEWS: Readonly<Record<string, { status: StatusName; words: string; action: string }>> = {
  succeeded: { status: 'succeeded', words: 'is published', action: 'Open run' },
  failed: { status: 'failed', words: 'failed, so nothing was published', action: 'See what happened' },
  interrupted: { status: 'interrupted', words: 'was interrupted', action: 'Open and resume' },
}

/** Tells of runs that end while one looks elsewhere; the messages are a polite live region. */
export function RunNews() {
  const { feed } = useApi()
  const toast = useToast()
  useEffect(
    () =>
      feed.subscribe((events) => {
        for (const event of events) {
          const news = newsOf(event)
          if (news !== null) toast(news)
        }
      }),
    [feed, toast],
  )
  return null
}

function newsOf({ kind, dataType, runNumber, text }: EngineEvent): ToastRequest | null {
  const news = kind === 'run' && text !== null ? NEWS[text] : undefined
  if (news === undefined || dataType === null || runNumber === null) return null
  const address = runAddress({ dataType, runNumber })
  if (window.location.hash.split('?')[0] === address) return null
  return { status: news.status, title: `${dataType} #${runNumber} ${news.words}`, action: { label: news.action, run: () => goTo(address) } }
}

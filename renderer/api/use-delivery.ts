import { useCallback, useRef, useState } from 'react'
import { UPLOADS_FOLDER } from '../../shared/contract/host.contract.ts'
import { useApi } from './api.tsx'
import type { DeliveredItem } from './collect-dropped.ts'
import { sendFile } from './send-file.ts'

export interface SendingState {
  files: number
  sentFiles: number
  bytes: number
  sentBytes: number
}

export interface Delivery {
  /** Null: nothing is on its way. */
  sending: SendingState | null
  /** Paths under which the engine finds the files: where they lie on this machine, or where they were sent to. */
  deliver: (items: readonly DeliveredItem[]) => Promise<string[]>
  cancel: () => void
}

/** In the desktop program files stay where they are; a browser does not tell where that is, so it sends them. */
export function useDelivery(): Delivery {
  const { host } = useApi()
  const [sending, setSending] = useState<SendingState | null>(null)
  const abort = useRef<AbortController | null>(null)
  const deliver = useCallback(async (items: readonly DeliveredItem[]): Promise<string[]> => {
    if (host !== null) return items.map(({ file }) => host.pathOf(file)).filter((path) => path !== '')
    const stop = new AbortController()
    abort.current = stop
    const batch = crypto.randomUUID()
    const state = { files: items.length, sentFiles: 0, bytes: items.reduce((sum, { file }) => sum + file.size, 0), sentBytes: 0 }
    setSending(state)
    try {
      let before = 0
      for (const [index, item] of items.entries()) {
        await sendFile(item, { batch, signal: stop.signal, onBytes: (sent) => setSending({ ...state, sentFiles: index, sentBytes: before + sent }) })
        before += item.file.size
      }
    } finally {
      setSending(null)
    }
    return topPaths(items).map((path) => `${UPLOADS_FOLDER}/${batch}/${path}`)
  }, [host])
  return { sending, deliver, cancel: () => abort.current?.abort() }
}

/** What was dropped: files by name, and folders as one. */
function topPaths(items: readonly DeliveredItem[]): string[] {
  return [...new Set(items.map(({ path }) => path.split('/')[0] ?? path))]
}

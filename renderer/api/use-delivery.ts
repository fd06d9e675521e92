import { useCallback, useRef, useState } from 'react'
import { type StrataHost, UPLOADS_FOLDER } from '../../shared/contract/host.contract.ts'
import { ProblemError } from '../../shared/domain/problem.ts'
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
    if (host !== null) return pathsOf(host, items)
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

/** @throws BAD_INPUT for what lies nowhere: an attachment or a picture that was dragged out of another program */
function pathsOf(host: StrataHost, items: readonly DeliveredItem[]): string[] {
  const paths = items.map(({ file, path }) => ({ path: host.pathOf(file), name: path }))
  const nowhere = paths.filter(({ path }) => path === '').map(({ name }) => name)
  if (nowhere.length > 0) throw new ProblemError('BAD_INPUT', `${nowhere.slice(0, 3).join(', ')}${nowhere.length > 3 ? ` and ${nowhere.length - 3} more` : ''} lies in no folder of this machine`, { hint: 'Save it to a folder first, then drop it from there' })
  return paths.map(({ path }) => path)
}

/** What was dropped: files by name, and folders as one. */
function topPaths(items: readonly DeliveredItem[]): string[] {
  return [...new Set(items.map(({ path }) => path.split('/')[0] ?? path))]
}

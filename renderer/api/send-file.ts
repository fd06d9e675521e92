import { TOKEN_STORAGE_KEY, UPLOAD_PATH } from '../../shared/contract/host.contract.ts'
import { problemSchema, ProblemError } from '../../shared/domain/problem.ts'
import type { DeliveredItem } from './collect-dropped.ts'

interface Sending {
  /** Names the folder in which files of one drop lie together. */
  batch: string
  signal: AbortSignal
  onBytes: (sent: number) => void
}

/** Sends one file to the server of this page. Not by fetch, which does not tell how far it is. */
export function sendFile({ file, path }: DeliveredItem, { batch, signal, onBytes }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    signal.addEventListener('abort', abort, { once: true })
    const settle = (work: () => void): void => {
      signal.removeEventListener('abort', abort)
      work()
    }
    request.open('PUT', `${UPLOAD_PATH}/${batch}/${path.split('/').map(encodeURIComponent).join('/')}`)
    request.setRequestHeader('authorization', `Bearer ${window.sessionStorage.getItem(TOKEN_STORAGE_KEY) ?? ''}`)
    request.upload.addEventListener('progress', ({ loaded }) => onBytes(loaded))
    request.addEventListener('load', () => settle(request.status < 300 ? resolve : () => reject(refusalOf(request, path))))
    request.addEventListener('error', () => settle(() => reject(new ProblemError('ENGINE_DOWN', `${path} could not be sent`, { retryable: true, hint: 'Is Strata still running? A file that is larger than the server takes is cut off' }))))
    request.addEventListener('abort', () => settle(() => reject(new ProblemError('CANCELLED', 'Cancelled'))))
    request.send(file)
  })
}

function refusalOf({ responseText, status }: XMLHttpRequest, path: string): ProblemError {
  try {
    const parsed = problemSchema.safeParse(JSON.parse(responseText))
    if (parsed.success) return ProblemError.from(parsed.data)
  } catch (cause) {
    return new ProblemError('INTERNAL', `${path} was refused (${status})`, { cause })
  }
  return new ProblemError('INTERNAL', `${path} was refused (${status})`)
}

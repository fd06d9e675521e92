import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** The other side has it, and will never take it. */
export interface Refused {
  reason: string
}

const SILENT_MS = 15_000
/** Asks for patience, not for another event. */
const LATER = new Set([401, 403, 404, 408, 425, 429])

/**
 * Hands one event to an endpoint. Answers where it was taken (null) or refused for good; a redirect is not followed, since the
 * headers hold secrets.
 * @throws Error when it is to be tried again: no connection, silence, a fault of the server, or credentials that are not right yet
 */
export function postEvent({ url, headers }: { url: URL; headers: Record<string, string> }, json: string, signal: AbortSignal): Promise<Refused | null> {
  const body = Buffer.from(json)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', signal, timeout: SILENT_MS, headers: { 'content-type': 'application/json', ...headers, 'content-length': body.length } }, (answer) => {
      answer.resume()
      answer.once('error', reject)
      answer.once('end', () => {
        const status = answer.statusCode ?? 0
        if (status >= 200 && status < 300) resolve(null)
        else if (status >= 400 && status < 500 && !LATER.has(status)) resolve({ reason: `${url.host} answered ${status}` })
        else reject(new Error(`${url.host} answered ${status}`))
      })
    })
    asked.once('timeout', () => asked.destroy(new Error(`${url.host} was silent for ${SILENT_MS / 1_000} s`)))
    asked.once('error', reject)
    asked.end(body)
  })
}

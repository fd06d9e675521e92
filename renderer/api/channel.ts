import type { ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import {
  ENGINE_PORT_MESSAGE, RPC_PATH, RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX, type StrataHost, TOKEN_STORAGE_KEY,
} from '../../shared/contract/host.contract.ts'
import { ProblemError } from '../../shared/domain/problem.ts'

/** One living way to the engine. When it ends, everything pending on it ends too. */
export interface Channel {
  link: ClientLink<Record<never, never>>
  /** Settles once, with the reason in words. */
  closed: Promise<string>
  close(): void
}

/** Opens a channel or throws; a problem that is not retryable means that trying again is of no use. */
export type OpenChannel = (signal: AbortSignal) => Promise<Channel>

/** Desktop: a MessagePort that preload hands over once the engine is up. */
export function openPortChannel(host: StrataHost): OpenChannel {
  return async (signal) => {
    const port = await requestPort(host, signal)
    const closed = new Promise<string>((resolve) => {
      port.addEventListener('close', () => resolve('The engine closed the connection'))
      const unsubscribe = host.onEngineState((state) => {
        if (state.state !== 'down' && state.state !== 'failed') return
        unsubscribe()
        resolve(state.state === 'down' ? state.reason : state.problem.message)
      })
    })
    const link = new PortLink({ port })
    port.start()
    return { link, closed, close: () => endPort(port) }
  }
}

/** A port tells its other end that it was closed, never its own: without the event, what is pending here would wait for ever. */
function endPort(port: MessagePort): void {
  port.close()
  port.dispatchEvent(new Event('close'))
}

function requestPort(host: StrataHost, signal: AbortSignal): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      window.removeEventListener('message', onMessage)
      unsubscribe()
    }
    const onMessage = (event: MessageEvent): void => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== ENGINE_PORT_MESSAGE || port === undefined) return
      stop()
      resolve(port)
    }
    window.addEventListener('message', onMessage)
    let last: string | null = null
    const unsubscribe = host.onEngineState((state) => {
      // A request made while the engine was down went to a dead process: ask the new one.
      if (state.state === 'up' && last !== null && last !== 'up') host.requestEngine()
      last = state.state
      if (state.state === 'failed') reject(ProblemError.from({ ...state.problem, retryable: false }))
    })
    signal.addEventListener('abort', () => {
      stop()
      reject(signal.reason)
    }, { once: true })
    host.requestEngine()
  })
}

/** Browser: a WebSocket on the page's own server, opened with the token of the address that Strata printed. */
export function openSocketChannel(token: string | null): OpenChannel {
  return async (signal) => {
    if (token === null) throw tokenProblem('This address carries no token')
    const url = new URL(RPC_PATH, window.location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.hash = ''
    const socket = new WebSocket(url, [RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX + token])
    signal.addEventListener('abort', () => socket.close(), { once: true })
    await opened(socket)
    const closed = new Promise<string>((resolve) => {
      socket.addEventListener('close', (event) => resolve(event.reason === '' ? 'The connection to the engine was lost' : event.reason))
    })
    return { link: new SocketLink({ websocket: socket }), closed, close: () => socket.close() }
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => {
      whyNotOpened().then(reject, reject)
    }, { once: true })
  })
}

/** A server that answers but lets no socket in has another token; one that does not answer has ended. */
async function whyNotOpened(): Promise<ProblemError> {
  try {
    await fetch('/', { method: 'HEAD', cache: 'no-store' })
    return tokenProblem('Strata does not accept the token of this window')
  } catch {
    return new ProblemError('ENGINE_DOWN', 'Strata does not answer', { retryable: true, hint: 'If it was ended, start it again and open the address it prints.' })
  }
}

function tokenProblem(message: string): ProblemError {
  return new ProblemError('ENGINE_DOWN', message, {
    hint: 'Open the address that Strata printed when it started, including the part after #. Each start has its own.',
  })
}

/** Takes the token out of the address into this tab's storage, so that copied addresses do not carry it. */
export function takeToken(): string | null {
  const hash = window.location.hash.slice(1)
  const match = /(?:^|[?&/])token=([^&]+)/.exec(hash)
  const found = match?.[1]
  if (found === undefined) return window.sessionStorage.getItem(TOKEN_STORAGE_KEY)
  window.sessionStorage.setItem(TOKEN_STORAGE_KEY, decodeURIComponent(found))
  window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}`)
  return decodeURIComponent(found)
}

import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import { RPC_PATH, RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX } from '../../shared/contract/host.contract.ts'
import { ProblemError } from '../../shared/domain/problem.ts'
import { type AttachInfo, readAttachInfo } from '../engine/serve/attach-file.ts'
import type { StrataClient } from './client.ts'

export interface Attached {
  readonly client: StrataClient
  readonly info: AttachInfo
  close(): Promise<void>
}

const OPEN_MS = 2_000

/**
 * Works in the engine that has the workspace open. Null when there is none, or it does not answer.
 * @throws CONFLICT when that engine is of another version of Strata
 */
export async function attach(attachFile: string, version: string): Promise<Attached | null> {
  const info = readAttachInfo(attachFile)
  if (info === null) return null
  if (info.version !== version) {
    throw new ProblemError('CONFLICT', `The workspace is open in Strata ${info.version} (${info.host}, process ${info.pid}), and this is ${version}`, {
      hint: 'Close it there first, or use the same version here',
    })
  }
  const socket = await connect(info)
  return socket === null ? null : { client: createAttachedClient(socket, info), info, close: () => close(socket) }
}

function connect({ port, token }: AttachInfo): Promise<WebSocket | null> {
  const origin = `http://127.0.0.1:${port}`
  const socket = new WebSocket(`ws://127.0.0.1:${port}${RPC_PATH}`, [RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX + token], { origin, handshakeTimeout: OPEN_MS })
  return new Promise((resolve) => {
    socket.on('open', () => resolve(socket))
    // After it is open, 'close' follows every error and says all there is to say.
    socket.on('error', () => resolve(null))
  })
}

function createAttachedClient(socket: WebSocket, { host, pid }: AttachInfo): StrataClient {
  // ws's own type differs from the browser's in the event types alone.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  const gone = (cause: unknown): ProblemError =>
    new ProblemError('ENGINE_DOWN', `The Strata that had the workspace open (${host}, process ${pid}) has ended`, { cause, hint: 'Look how far it came with: strata runs', retryable: true })
  const explain = (error: unknown): unknown => (socket.readyState === WebSocket.OPEN ? error : gone(error))
  return createORPCClient<StrataClient>({
    async call(path, input, options) {
      try {
        const answer = await link.call(path, input, options)
        return isStream(answer) ? endsOnlyByItself(answer, { explain, isOpen: () => socket.readyState === WebSocket.OPEN, gone }) : answer
      } catch (error) {
        throw explain(error)
      }
    },
  })
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

interface Ending {
  explain(error: unknown): unknown
  isOpen(): boolean
  gone(cause: unknown): ProblemError
}

/** A stream that stops because its engine died must not look like one that is through. */
async function* endsOnlyByItself(stream: AsyncIterable<unknown>, { explain, isOpen, gone }: Ending): AsyncGenerator<unknown> {
  try {
    for await (const item of stream) yield item
  } catch (error) {
    throw explain(error)
  }
  if (!isOpen()) throw gone(null)
}

function close(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) return resolve()
    socket.once('close', () => resolve())
    socket.close()
  })
}

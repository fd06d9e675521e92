import type { AnyRouter } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { RPC_PATH, RPC_SUBPROTOCOL } from '../../../shared/contract/host.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import type { Access } from './access.ts'

/** Requests are small; the largest is a list of entities. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

export interface RpcSockets {
  /** Answers a WebSocket upgrade: RPC_PATH only, and only whom the access rules let pass. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Open sockets. */
  clients(): number
  close(): void
}

/** Serves a router over WebSockets; whoever gets in acts as `actor`. */
export function createRpcSockets(router: AnyRouter, access: Access, actor: Actor): RpcSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => RPC_SUBPROTOCOL,
  })
  const handler = new RPCHandler(router)
  sockets.on('connection', (socket) => {
    // A protocol error of one page ends that page's socket; without a listener it would end the program.
    socket.on('error', () => socket.terminate())
    void handler.upgrade(socket, { context: { actor } })
  })
  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      const path = (request.url ?? '').split('?', 1)[0]
      if (path !== RPC_PATH) return reject(socket, 404, 'Not found')
      const refusal = access.upgradeRefusal(request)
      if (refusal !== null) return reject(socket, refusal.status, refusal.text)
      sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request))
    },
    clients: () => sockets.clients.size,
    close() {
      for (const socket of sockets.clients) socket.close(1001, 'Strata is closing')
      sockets.close()
    },
  }
}

const STATUS_TEXT: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }

function reject(socket: Duplex, status: number, text: string): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ''}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}

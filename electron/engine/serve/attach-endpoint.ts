import type { AnyRouter } from '@orpc/server'
import type { Server } from 'node:http'
import type { EngineLog } from '../engine.ts'
import { createAccess } from './access.ts'
import { removeAttachInfo, writeAttachInfo } from './attach-file.ts'
import { personActor } from './person-actor.ts'
import type { HttpApi } from './http-api.ts'
import type { RpcSockets } from './rpc-socket.ts'

export interface AttachEndpoint {
  /** Others that are attached now. */
  clients(): number
  /** Whether anybody ever was. */
  wasUsed(): boolean
  /** Tells where the host shows its window, for who finds the workspace open. */
  announceWindow(url: string): void
  /** Nobody else may attach; who is attached stays. */
  retire(): void
  close(): Promise<void>
}

interface AttachOptions {
  router: AnyRouter
  /** Of the file that says where the endpoint is. */
  file: string
  host: string
  version: string
  clock: () => number
  log: EngineLog
}

const LOOPBACK = '127.0.0.1'

/**
 * Lets a second Strata of the same person work in this engine, instead of opening the ledger beside it: oRPC over WebSocket on this
 * machine only, and the same as an HTTP API, for the holder of the token in the attach file.
 */
export async function serveAttach({ router, file, host, version, clock, log }: AttachOptions): Promise<AttachEndpoint> {
  // An import of node:http would load everything it exports, WebSocket and fetch included: a tenth of what a short command takes.
  const server = process.getBuiltinModule('node:http').createServer()
  const port = await listen(server)
  const access = createAccess(port)
  let api: Promise<HttpApi> | null = null
  server.on('request', (request, response) => {
    api ??= import('./http-api.ts').then(({ createHttpApi }) => createHttpApi({ router, access, version }))
    api
      .then((opened) => opened.handle(request, response))
      .then((isHandled) => isHandled || response.writeHead(404).end())
      .catch((error: unknown) => {
        log('warn', `${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`)
        response.destroy()
      })
  })
  const info = { pid: process.pid, host, since: new Date(clock()).toISOString(), version, port, token: access.token }
  // Most engines of the command line are never asked, and end before the code for it would be read.
  let sockets: RpcSockets | null = null
  let isRetired = false
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (isRetired) return void socket.destroy()
    import('./rpc-socket.ts')
      .then(({ createRpcSockets }) => {
        if (isRetired) return void socket.destroy()
        sockets ??= createRpcSockets(router, access, personActor('cli'))
        sockets.upgrade(request, socket, head)
      })
      .catch((error: unknown) => {
        log('warn', `Nobody can attach: ${String(error)}`)
        socket.destroy()
      })
  })
  writeAttachInfo(file, { ...info, windowUrl: null })
  const retire = (): void => {
    isRetired = true
    removeAttachInfo(file, access.token)
  }
  return {
    clients: () => sockets?.clients() ?? 0,
    wasUsed: () => sockets !== null,
    announceWindow: (windowUrl) => writeAttachInfo(file, { ...info, windowUrl }),
    retire,
    async close() {
      retire()
      sockets?.close()
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, LOOPBACK, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}

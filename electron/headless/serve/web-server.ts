import type { AnyRouter } from '@orpc/server'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { EngineLog } from '../../engine/engine.ts'
import { type Access, createAccess } from '../../engine/serve/access.ts'
import { personActor } from '../../engine/serve/person-actor.ts'
import { createHttpApi, type HttpApi } from '../../engine/serve/http-api.ts'
import { createRpcSockets } from '../../engine/serve/rpc-socket.ts'
import { createStaticFiles, refuse } from './static-files.ts'
import { createUploads, type Uploads } from './upload-files.ts'

interface WebServerOptions {
  router: AnyRouter
  /** Of Strata, for the description of the HTTP API. */
  version: string
  rendererDir: string
  /** Where files that the page sends wait. */
  uploadsDir: string
  /** 0: any free one. */
  port: number
  log: EngineLog
}

export interface WebServer {
  readonly port: number
  /** The window's address with the token in its fragment, which browsers do not send to servers. */
  readonly url: string
  /** An address that leads to `url` once. */
  launchUrl(): string
  close(): Promise<void>
}

const MAX_UPLOAD_BYTES = 4 * 1024 ** 3
const LOOPBACK = '127.0.0.1'
const LAUNCH_PATH = '/launch/'

/** Serves the window and the engine to this machine only. */
export async function startWebServer({ router, version, rendererDir, uploadsDir, port, log }: WebServerOptions): Promise<WebServer> {
  const server = createServer()
  await listen(server, port)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  const origin = `http://${LOOPBACK}:${address.port}`
  const access = createAccess(address.port)
  const url = `${origin}/#token=${access.token}`
  const rpc = createRpcSockets(router, access, personActor('window'))
  server.on('upgrade', rpc.upgrade)
  const api = createHttpApi({ router, access, version })
  server.on('request', createRequestListener({ access, api, uploads: createUploads({ access, dir: uploadsDir, maxBytes: MAX_UPLOAD_BYTES }), url, rendererDir, port: address.port, log }))
  return {
    port: address.port,
    url,
    launchUrl: () => `${origin}${LAUNCH_PATH}${access.newLaunchCode()}`,
    async close() {
      rpc.close()
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

interface ListenerOptions {
  access: Access
  api: HttpApi
  uploads: Uploads
  url: string
  rendererDir: string
  port: number
  log: EngineLog
}

function createRequestListener({ access, api, uploads, url, rendererDir, port, log }: ListenerOptions) {
  const sendFile = createStaticFiles(rendererDir, [`ws://${LOOPBACK}:${port}`, `ws://localhost:${port}`])
  const fail = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
    log('warn', `${request.method} ${request.url ?? ''}: ${error instanceof Error ? error.message : String(error)}`)
    if (response.headersSent) response.destroy()
    else refuse(response, { status: 500, text: 'The answer could not be made' })
  }
  const answerPage = (request: IncomingMessage, response: ServerResponse): void => {
    if (!access.hasOwnHost(request)) return refuse(response, { status: 403, text: 'Wrong host' })
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, { status: 405, text: 'Only GET and HEAD', headers: { allow: 'GET, HEAD' } })
    if (request.url?.startsWith(LAUNCH_PATH) === true) {
      const spent = request.method === 'GET' && access.spendLaunchCode(request.url.slice(LAUNCH_PATH.length))
      if (!spent) return refuse(response, { status: 410, text: 'This address worked once. Use the address that Strata printed where it was started.' })
      return refuse(response, { status: 303, text: 'Strata is here', headers: { location: url.slice(url.indexOf('/#')) } })
    }
    sendFile(request, response).catch((error: unknown) => fail(request, response, error))
  }
  return (request: IncomingMessage, response: ServerResponse): void => {
    api
      .handle(request, response)
      .then((isHandled) => isHandled || uploads.handle(request, response))
      .then((isHandled) => isHandled || answerPage(request, response))
      .catch((error: unknown) => fail(request, response, error))
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface SeenRequest {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body: string
}

export type Answerer = (request: SeenRequest, response: ServerResponse, count: number) => void

/** A server on this machine for tests: answers as it is told to, and remembers what it was asked. */
export interface TestServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
  readonly host: string
  readonly requests: SeenRequest[]
  answer(answerer: Answerer): void
}

export async function startTestServer(first: Answerer): Promise<TestServer> {
  let answerer = first
  const requests: SeenRequest[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const seen = { method: request.method ?? '', path: pathname, query: Object.fromEntries(searchParams), headers, body: await text(request) }
    requests.push(seen)
    answerer(seen, response, requests.length)
  }
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url: `http://${host}`,
    host,
    requests,
    answer: (next) => void (answerer = next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

import { OpenAPIHandler } from '@orpc/openapi/node'
import type { AnyRouter, ORPCError } from '@orpc/server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../../../shared/domain/actor.ts'
import { type Problem, problemSchema } from '../../../shared/domain/problem.ts'
import type { CallContext } from '../controllers/api.ts'
import type { Access } from './access.ts'
import { openApiDocument } from './open-api-document.ts'
import { personActor } from './person-actor.ts'

export interface HttpApi {
  /** Answers what is below API_PATH; false, and untouched, what is not. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

const API_PATH = '/api'
const DOCUMENT_PATH = `${API_PATH}/openapi.json`

interface HttpApiOptions {
  router: AnyRouter
  access: Access
  version: string
}

/** The same router as everywhere, as `POST /api/<topic>/<verb>` with JSON, for programs that hold the token. */
export function createHttpApi({ router, access, version }: HttpApiOptions): HttpApi {
  const handler = new OpenAPIHandler<CallContext>(router, { customErrorResponseBodyEncoder: problemOf })
  const actor: Actor = { kind: 'api', via: 'http', account: personActor('cli').account }
  let document: Promise<string> | null = null
  return {
    async handle(request, response) {
      const path = (request.url ?? '').split(/[?#]/, 1)[0] ?? ''
      if (path !== API_PATH && !path.startsWith(`${API_PATH}/`)) return false
      const refusal = access.apiRefusal(request)
      if (refusal !== null) {
        answer(response, refusal.status, { code: 'BAD_INPUT', message: refusal.text, details: {}, retryable: false, hint: 'Send the token as "Authorization: Bearer <token>"' })
        return true
      }
      if (path === DOCUMENT_PATH) {
        document ??= openApiDocument({ version, prefix: API_PATH }).then((made) => JSON.stringify(made))
        send(response, 200, await document)
        return true
      }
      const { matched } = await handler.handle(request, response, { prefix: API_PATH, context: { actor } })
      if (!matched) {
        const message = `There is no ${request.method ?? 'GET'} ${path}`
        answer(response, 404, { code: 'NOT_FOUND', message, details: {}, retryable: false, hint: `GET ${DOCUMENT_PATH} lists what there is; everything else is POST` })
      }
      return true
    },
  }
}

/** The one error shape: what failed inside as itself, what oRPC refuses by itself as wrong input. */
function problemOf(error: ORPCError<string, unknown>): Problem {
  const known = problemSchema.safeParse(error.data)
  if (known.success) return known.data
  const issues = issuesOf(error.data)
  const isOurs = error.status < 500
  return {
    code: isOurs ? 'BAD_INPUT' : 'INTERNAL',
    message: issues.length === 0 ? error.message : issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    details: issues.length === 0 ? {} : { issues },
    retryable: false,
    hint: null,
  }
}

function issuesOf(data: unknown): { path: string; message: string }[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return []
  return data.issues.map((issue: { path?: unknown; message?: unknown }) => ({ path: Array.isArray(issue.path) ? issue.path.join('.') : '', message: String(issue.message) }))
}

function answer(response: ServerResponse, status: number, problem: Problem): void {
  send(response, status, JSON.stringify(problem))
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(body)
}

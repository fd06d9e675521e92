import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { contentSecurityPolicy, mediaType, PAGE_HEADERS, safeSegments, STYLE_NONCE_PLACEHOLDER } from '../../../shared/domain/page-policy.ts'

/** Names under this folder carry a hash of their content. */
const HASHED_FOLDER = 'assets'

/**
 * Answers GET and HEAD with the built window. A path that is no file is an address inside the window, so it gets the page,
 * except under assets/, where a missing file must look missing.
 */
export function createStaticFiles(rendererDir: string, connect: readonly string[]) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const segments = safeSegments(pathOf(request))
    if (segments === null) return refuse(response, { status: 400, text: 'Bad path' })
    const file = join(rendererDir, ...segments)
    const size = segments.length > 0 ? await fileSize(file) : null
    if (size === null && segments[0] === HASHED_FOLDER) return refuse(response, { status: 404, text: 'Not found' })
    if (size === null || segments.at(-1) === 'index.html') return sendPage(response, rendererDir, { connect, withBody: request.method === 'GET' })
    response.writeHead(200, {
      ...PAGE_HEADERS,
      'content-security-policy': contentSecurityPolicy(newNonce(), connect),
      'content-type': mediaType(file),
      'content-length': size,
      'cache-control': segments[0] === HASHED_FOLDER ? 'private, max-age=31536000, immutable' : 'no-cache',
    })
    if (request.method === 'HEAD') return void response.end()
    await pipeline(createReadStream(file), response)
  }
}

export interface Refusal {
  status: number
  text: string
  headers?: Record<string, string>
}

/** A short answer in plain text, with the headers that every answer has. */
export function refuse(response: ServerResponse, { status, text, headers = {} }: Refusal): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers })
  response.end(`${text}\n`)
}

async function sendPage(response: ServerResponse, rendererDir: string, options: { connect: readonly string[]; withBody: boolean }): Promise<void> {
  const nonce = newNonce()
  const template = await readFile(join(rendererDir, 'index.html'), 'utf8').catch(() => null)
  if (template === null) return refuse(response, { status: 503, text: 'The window has not been built: run npm run build' })
  const body = Buffer.from(template.replaceAll(STYLE_NONCE_PLACEHOLDER, nonce))
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'content-security-policy': contentSecurityPolicy(nonce, options.connect),
    'content-type': mediaType('index.html'),
    'content-length': body.length,
    'cache-control': 'no-store',
  })
  response.end(options.withBody ? body : undefined)
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/'
}

async function fileSize(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() === true ? found.size : null
}

function newNonce(): string {
  return randomBytes(18).toString('base64')
}

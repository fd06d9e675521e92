import { protocol } from 'electron'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentSecurityPolicy, mediaType, PAGE_HEADERS, safeSegments, STYLE_NONCE_PLACEHOLDER } from '../../shared/domain/page-policy.ts'

const SCHEME = 'app'
const HOST = 'bundle'
export const PAGE_URL = `${SCHEME}://${HOST}/`

/** Names under this folder carry a hash of their content. */
const HASHED_FOLDER = 'assets'

/** To be called once, before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

/** True for addresses of the window itself. */
export function isPageUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === `${SCHEME}:` && new URL(url).host === HOST
}

/** Answers app://bundle/ with the built window. A path that is no file is an address inside the window, except under assets/. */
export function handleAppScheme(rendererDir: string): void {
  protocol.handle(SCHEME, async ({ url, method }) => {
    const { host, pathname } = new URL(url)
    if (host !== HOST) return answer(404, 'Not found')
    if (method !== 'GET' && method !== 'HEAD') return answer(405, 'Only GET and HEAD')
    const segments = safeSegments(pathname)
    if (segments === null) return answer(400, 'Bad path')
    const file = segments.length === 0 || segments.at(-1) === 'index.html' ? null : await read(join(rendererDir, ...segments))
    if (file !== null) return answer(200, new Uint8Array(file), mediaType(segments.at(-1) ?? ''))
    if (segments[0] === HASHED_FOLDER) return answer(404, 'Not found')
    return page(rendererDir)
  })
}

async function page(rendererDir: string): Promise<Response> {
  const template = await read(join(rendererDir, 'index.html'))
  if (template === null) return answer(503, 'The window has not been built: run npm run build')
  const nonce = newNonce()
  return new Response(template.toString('utf8').replaceAll(STYLE_NONCE_PLACEHOLDER, nonce), {
    headers: { ...PAGE_HEADERS, 'content-type': mediaType('index.html'), 'content-security-policy': contentSecurityPolicy(nonce) },
  })
}

function answer(status: number, body: string | Uint8Array<ArrayBuffer>, type = 'text/plain; charset=utf-8'): Response {
  return new Response(body, { status, headers: { ...PAGE_HEADERS, 'content-type': type, 'content-security-policy': contentSecurityPolicy(newNonce()) } })
}

function read(path: string): Promise<Buffer | null> {
  // Missing, or a folder: either way no file of the window.
  return readFile(path).catch(() => null)
}

function newNonce(): string {
  return randomBytes(18).toString('base64')
}

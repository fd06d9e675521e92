import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UPLOAD_PATH } from '../../../shared/contract/host.contract.ts'
import { safeSegments } from '../../../shared/domain/page-policy.ts'
import { type Problem, PROBLEM_CODES, ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { Access } from '../../engine/serve/access.ts'

export interface Uploads {
  /** Takes `PUT /upload/<batch>/<path>`; false, and untouched, what is something else. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

interface UploadOptions {
  access: Access
  /** Where files wait until they are a source's. */
  dir: string
  maxBytes: number
}

const BATCH = /^[0-9a-f-]{36}$/
/** Files that nobody made a source of. */
const KEEP_MS = 24 * 3_600_000

/** Files that a browser's page sends, since it does not know where they lie. Streamed to disk; for the holder of the token alone. */
export function createUploads({ access, dir, maxBytes }: UploadOptions): Uploads {
  return {
    async handle(request, response) {
      const path = (request.url ?? '').split(/[?#]/, 1)[0] ?? ''
      if (!path.startsWith(`${UPLOAD_PATH}/`)) return false
      try {
        const refusal = access.apiRefusal(request)
        if (refusal !== null) throw new ProblemError('NOT_WRITABLE', refusal.text)
        await receive(request, targetOf(path, dir), maxBytes)
        answer(response, { status: 201, body: {} })
      } catch (error) {
        const problem = toProblem(error)
        // What is still on its way is not read to its end.
        answer(response, { status: PROBLEM_CODES[problem.code], body: problem }, () => request.destroy())
      }
      return true
    },
  }
}

function targetOf(path: string, dir: string): string {
  const [batch, ...names] = safeSegments(path.slice(UPLOAD_PATH.length + 1)) ?? []
  if (batch === undefined || !BATCH.test(batch) || names.length === 0) throw new ProblemError('BAD_INPUT', `${path} is no place for a file`)
  return join(dir, batch, ...names)
}

async function receive(request: IncomingMessage, target: string, maxBytes: number): Promise<void> {
  if (request.method !== 'PUT') throw new ProblemError('BAD_INPUT', 'Files are sent with PUT')
  const tooLarge = (): ProblemError => new ProblemError('BAD_INPUT', `The file is larger than ${Math.round(maxBytes / 2 ** 30)} GB, which is the most that a browser may send`, { hint: 'Put it into the inbox folder, and use strata ingest' })
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  let bytes = 0
  const gauge = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(tooLarge())
      else done(null, chunk)
    },
  })
  await mkdir(dirname(target), { recursive: true })
  try {
    await pipeline(request, gauge, createWriteStream(target))
  } catch (error) {
    await rm(target, { force: true })
    throw error
  }
}

function answer(response: ServerResponse, { status, body }: { status: number; body: Problem | Record<string, never> }, then: () => void = () => undefined): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...(status < 300 ? {} : { connection: 'close' }) })
  response.end(JSON.stringify(body), then)
}

/** Removes what was sent and left: a day is enough to decide. */
export async function forgetOldUploads(dir: string, now: number): Promise<void> {
  const batches = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const batch of batches) {
    const { mtimeMs } = await stat(join(dir, batch))
    if (now - mtimeMs > KEEP_MS) await rm(join(dir, batch), { recursive: true, force: true })
  }
}

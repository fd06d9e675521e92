import { createHash } from 'node:crypto'
import { chmod, open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { cutFault, networkFault, RequestFault } from './request-fault.ts'

const READ_ONLY = 0o444

interface SaveOptions {
  host: string
  path: string
  maxBytes: number
  onBytes(bytes: number): void
}

/** The body byte for byte, synced and read-only, and the hash of it. When it fails, or was not all, nothing is left. */
export async function saveBody(response: IncomingMessage, { host, path, maxBytes, onBytes }: SaveOptions): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const file = await open(path, 'wx')
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) throw tooLarge(host, maxBytes)
      hash.update(chunk)
      await file.writeFile(chunk)
      onBytes(chunk.length)
    }
    if (!response.complete) throw cutFault(host)
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw bodyFault(host, error)
  }
  await file.close()
  await chmod(path, READ_ONLY)
  return { sha256: hash.digest('hex'), sizeBytes }
}

function bodyFault(host: string, error: unknown): unknown {
  if (error instanceof RequestFault || !(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return cutFault(host)
  return String(error.code).startsWith('HPE_') ? networkFault(host, error) : error
}

function tooLarge(host: string, maxBytes: number): RequestFault {
  const problem = new ProblemError('SOURCE_UNREADABLE', `The answer of ${host} is larger than ${maxBytes / 2 ** 20} MB`, { details: { host, maxBytes }, hint: 'Raise max_size of the source, or ask for less at a time' })
  return new RequestFault(problem, { again: null })
}

import { createGunzip } from 'node:zlib'
import { pipeline, Readable } from 'node:stream'
import { truncated, unreadable } from '../source-problem.ts'
import { unzstd } from './zstd-frames.ts'

/** How one stream of bytes is packed. */
export type Packing = 'plain' | 'gzip' | 'zstd'

export interface Archive {
  /** Holds members of their own, or is one stream. */
  kind: 'zip' | 'tar' | 'stream'
  packing: Packing
}

/** As much of a file as tells what archive it is. */
export const ARCHIVE_HEAD_BYTES = 512

const ENDINGS: readonly (readonly [RegExp, Archive])[] = [
  [/\.(tgz|tar\.gz)$/i, { kind: 'tar', packing: 'gzip' }],
  [/\.(tzst|tar\.zst)$/i, { kind: 'tar', packing: 'zstd' }],
  [/\.tar$/i, { kind: 'tar', packing: 'plain' }],
  [/\.zip$/i, { kind: 'zip', packing: 'plain' }],
  [/\.gz$/i, { kind: 'stream', packing: 'gzip' }],
  [/\.zst$/i, { kind: 'stream', packing: 'zstd' }],
]

/** What archive a name promises. */
export function archiveByName(name: string): Archive | null {
  return ENDINGS.find(([ending]) => ending.test(name))?.[1] ?? null
}

/** What archive the first bytes are, whatever the file is called. Text never begins like one. */
export function archiveByContent(head: Buffer): Archive | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: 'stream', packing: 'gzip' }
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return { kind: 'stream', packing: 'zstd' }
  if (['PK\u0003\u0004', 'PK\u0005\u0006'].includes(head.toString('latin1', 0, 4))) return { kind: 'zip', packing: 'plain' }
  return head.toString('latin1', 257, 262) === 'ustar' ? { kind: 'tar', packing: 'plain' } : null
}

/** A name without the endings that say how it is packed. */
export function withoutPacking(name: string): string {
  return name.replace(/\.(gz|zst)$/i, '')
}

const CHUNK_BYTES = 1 << 20
/** Text of real data packs ten to fifty times; a bomb a thousand times and more. */
const MAX_RATIO = 250
const HARMLESS_BYTES = 100 << 20

/** What a file may become when it is unpacked. */
export interface UnpackLimit {
  /** Bytes of the packed file. */
  packedBytes: number
  /** Bytes that there is room for. */
  freeBytes: number
}

/** @throws SOURCE_UNREADABLE for what would fill the disk or is made to */
export function refuseBomb(unpackedBytes: number, { packedBytes, freeBytes }: UnpackLimit, file: string): void {
  if (unpackedBytes > HARMLESS_BYTES && unpackedBytes > packedBytes * MAX_RATIO) {
    throw unreadable(`it unpacks to more than ${MAX_RATIO} times its size, which only archives made to fill a disk do`, { file, hint: 'If the data are real, deliver them unpacked' })
  }
  if (unpackedBytes > freeBytes) {
    throw unreadable(`it unpacks to more than the ${Math.floor(freeBytes / (1 << 20)).toLocaleString('en')} MB that are free on the disk`, { file, hint: 'Make room on the disk of the workspace, then run again' })
  }
}

/**
 * Unpacks a stream, chunk by chunk.
 * @throws SOURCE_UNREADABLE for a damaged or cut archive
 */
export async function* unpacked(chunks: AsyncIterable<Buffer>, packing: Packing, { file, limit }: { file: string; limit: UnpackLimit }): AsyncGenerator<Buffer, void, undefined> {
  if (packing === 'plain') {
    yield* chunks
    return
  }
  let bytes = 0
  try {
    for await (const chunk of packing === 'gzip' ? gunzipped(chunks) : unzstd(chunks, CHUNK_BYTES)) {
      bytes += chunk.length
      refuseBomb(bytes, limit, file)
      yield chunk
    }
  } catch (error) {
    throw packingProblem(error, packing, file) ?? error
  }
}

async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const input = Readable.from(copied(chunks), { objectMode: false })
  // The callback is there because the error reaches the reader of the last stream anyway.
  const stream = pipeline(input, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined)
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } finally {
    stream.destroy()
    input.destroy()
  }
}

/** Chunks that stay valid while a stream holds them. */
async function* copied(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

function packingProblem(error: unknown, packing: Packing, file: string): Error | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const code = String(error.code)
  if (!code.startsWith('Z_') && !code.startsWith('ZSTD_')) return null
  if (code === 'Z_BUF_ERROR') return truncated(`the ${packing} archive ends early`, { file, cause: error })
  return unreadable(`not a readable ${packing} archive (${error.message})`, { file, cause: error, hint: `Deliver the file again, or rename it when it is no ${packing} archive` })
}

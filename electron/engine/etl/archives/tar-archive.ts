import { type Extract, extract, type Header } from 'tar-stream'
import { readChunks } from '../read-chunks.ts'
import { truncated, unreadable } from '../source-problem.ts'
import type { ArchiveFile, ArchiveReader } from './archive-reader.ts'
import type { Entry } from './member-names.ts'
import { type Packing, type UnpackLimit, unpacked } from './packing.ts'

const BLOCK_BYTES = 512

/** TAR, also packed as a whole: its members lie one after the other, so it is always read from the beginning. */
export function tarReader(packing: Packing, limit: UnpackLimit): ArchiveReader {
  return {
    list: async (archive, signal) => {
      const entries: Entry[] = []
      await eachEntry(archive, { packing, limit, signal }, async (header, stream) => {
        entries.push(toEntry(header))
        await drain(stream)
        return true
      })
      return entries
    },
    read: (archive, { wanted, take }, signal) => eachEntry(archive, { packing, limit, signal }, async (header, stream) => {
      const { name, type } = toEntry(header)
      if (type === 'file' && wanted.has(name)) return take(name, stream)
      await drain(stream)
      return true
    }),
  }
}

interface Reading {
  packing: Packing
  limit: UnpackLimit
  signal: AbortSignal
}

/** @param visit gives false to stop */
async function eachEntry(archive: ArchiveFile, { packing, limit, signal }: Reading, visit: (header: Header, bytes: AsyncIterable<Buffer>) => Promise<boolean>): Promise<void> {
  const end = new EndBlocks()
  const parser = extract()
  const feeding = feed(parser, end.watch(unpacked(readChunks(archive.path, signal), packing, { file: archive.name, limit })))
  try {
    for await (const entry of parser) if (!(await visit(entry.header, buffers(entry)))) return
  } catch (error) {
    throw tarProblem(error, archive.name)
  } finally {
    parser.destroy()
    await feeding
  }
  // The parser takes an archive that ends between two members for a whole one.
  if (!end.isSeen) throw truncated('the tar archive ends without its end mark', { file: archive.name })
}

/** Errors reach whoever reads the parser. */
async function feed(parser: Extract, chunks: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (parser.destroyed || parser.destroying) return
      if (!parser.write(chunk)) await roomIn(parser)
    }
    parser.end(null)
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

async function roomIn(parser: Extract): Promise<void> {
  await new Promise<void>((resolve) => {
    parser.once('drain', resolve)
    parser.once('close', resolve)
  })
}

async function* buffers(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

/** An archive ends with blocks of zeros. */
class EndBlocks {
  #zeros = 0

  get isSeen(): boolean {
    return this.#zeros >= BLOCK_BYTES
  }

  async *watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of chunks) {
      const last = lastNonZero(chunk)
      this.#zeros = last === -1 ? this.#zeros + chunk.length : chunk.length - 1 - last
      yield Buffer.from(chunk)
    }
  }
}

function lastNonZero(chunk: Buffer): number {
  for (let at = chunk.length - 1; at >= 0; at--) if (chunk[at] !== 0) return at
  return -1
}

function toEntry({ name, size, type }: Header): Entry {
  const kind = type === 'file' || type === 'contiguous-file' ? 'file' : type === 'directory' ? 'folder' : type === 'link' || type === 'symlink' ? 'link' : 'other'
  return { name: name.replace(/^(\.\/)+/, ''), sizeBytes: size ?? 0, type: kind, isEncrypted: false }
}

async function drain(stream: AsyncIterable<Buffer>): Promise<void> {
  for await (const _chunk of stream);
}

function tarProblem(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error.name === 'ProblemError' || error.name === 'AbortError' || 'syscall' in error) return error
  if (/unexpected end of data/i.test(error.message)) return truncated('the tar archive ends inside a member', { file, cause: error })
  return unreadable(`not a readable tar archive (${error.message})`, { file, cause: error, hint: 'Deliver the file again, or rename it when it is no tar archive' })
}

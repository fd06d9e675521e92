import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { archiveOf, readerOf } from './archives/open-members.ts'
import { archiveByContent, archiveByName, type Packing, unpacked } from './archives/packing.ts'
import { openSource } from './connectors/open-source.ts'
import { findEncoding } from './encodings/find-encoding.ts'
import { transcode } from './encodings/transcode.ts'

interface DeliveredFile {
  path: string
  name: string
  /** Of an archive; null: the file itself. */
  member: string | null
  signal: AbortSignal
}

interface DeliveredText extends DeliveredFile {
  /** The source's encoding; null: found again as it was when the file was read. */
  declared: string | null
}

const NO_LIMIT = { packedBytes: Infinity, freeBytes: Infinity }

/**
 * Reads a kept file, or one member of a kept archive, as UTF-8 text.
 * @param visit gives false when it has seen enough
 */
export async function readDelivered(text: DeliveredText, visit: (chunk: Buffer) => boolean): Promise<void> {
  const { path, name, member, declared, signal } = text
  const archive = await archiveOf({ path, name }, true)
  if (member === null || archive === null) {
    const source = { path, name, packing: archive?.packing ?? ('plain' as const) }
    const { encoding } = await findEncoding(openSource(source, signal), { declared, isXml: false })
    return look(openSource({ ...source, encoding }, signal), visit)
  }
  const reader = readerOf(archive, NO_LIMIT)
  const bytesOf = (bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> => unpackedMember(bytes, `${name}/${member}`)
  const each = async (work: (chunks: AsyncIterable<Buffer>) => Promise<void>): Promise<void> =>
    reader.read({ path, name }, { wanted: new Set([member]), take: (_name, bytes) => work(bytesOf(bytes)).then(() => false) }, signal)
  let encoding = declared ?? 'utf-8'
  await each(async (chunks) => {
    encoding = (await findEncoding(chunks, { declared, isXml: false })).encoding
  })
  await each((chunks) => look(transcode(chunks, encoding), visit))
}

async function look(chunks: AsyncIterable<Buffer>, visit: (chunk: Buffer) => boolean): Promise<void> {
  for await (const chunk of chunks) if (!visit(chunk)) return
}

/** A member may be packed by itself, which its name says, or else its first bytes. */
async function* unpackedMember(bytes: AsyncIterable<Buffer>, name: string, isText = true): AsyncGenerator<Buffer, void, undefined> {
  const chunks = bytes[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) return
  const packing: Packing = (archiveByName(name) ?? (isText ? archiveByContent(first.value) : null))?.packing ?? 'plain'
  async function* all(head: Buffer): AsyncGenerator<Buffer, void, undefined> {
    yield head
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
  }
  yield* unpacked(all(first.value), packing, { file: name, limit: NO_LIMIT })
}

/** Where a kept file that is no text, or one member of a kept archive, can be read at any place: the file itself, or a copy in `dir`. */
export async function deliveredOnDisk({ path, name, member, signal }: DeliveredFile, dir: string): Promise<string> {
  const archive = await archiveOf({ path, name }, false)
  if (archive === null) return path
  const copy = join(dir, 'delivered')
  const write = (bytes: AsyncIterable<Buffer>): Promise<void> => pipeline(bytes, createWriteStream(copy), { signal })
  if (member === null) await write(openSource({ path, name, packing: archive.packing }, signal))
  else await readerOf(archive, NO_LIMIT).read({ path, name }, { wanted: new Set([member]), take: (_name, bytes) => write(unpackedMember(bytes, `${name}/${member}`, false)).then(() => false) }, signal)
  return copy
}

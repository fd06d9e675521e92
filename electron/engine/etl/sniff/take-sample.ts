import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { SourceSpec } from '../../workspace/model.ts'
import { JsonSplitter } from '../connectors/json-splitter.ts'
import { archiveOf } from '../archives/open-members.ts'
import { type Packing, withoutPacking } from '../archives/packing.ts'
import { findEncoding } from '../encodings/find-encoding.ts'
import { openSource, type SourceBytes } from '../connectors/open-source.ts'
import { XmlSplitter } from '../connectors/xml/xml-splitter.ts'
import type { FoundFile } from '../find-files.ts'

/** What is read to tell how a source is built, in place of all of it. */
export interface Sample {
  source: SourceSpec
  files: { path: string; name: string }[]
  isWhole: boolean
  /** For people. */
  lookedAt: string
  /** Share of the source's bytes that it holds. */
  share: number
  /** Records of the first file up to here stand on the lines that they have in the file. */
  linesUpTo: number
}

interface Sampling {
  source: SourceSpec
  files: readonly FoundFile[]
  limitBytes: number
  scratchDir: string
  /** Also from the middle and the end, where the format allows it. */
  spread: boolean
  signal: AbortSignal
}

const LF = 10
/** What a packed text is about to have unpacked. */
const UNPACKED = 6

/** All files where they are small enough, else the first of them, else pieces of the first. */
export async function takeSample(sampling: Sampling): Promise<Sample> {
  const { source, files, limitBytes } = sampling
  const total = files.reduce((sum, file) => sum + bytesOf(file), 0)
  if (total <= limitBytes) return { source, files: [...files], isWhole: true, lookedAt: files.length === 1 ? 'the whole file' : `all ${files.length.toLocaleString('en')} files`, share: 1, linesUpTo: Infinity }
  const some = firstFiles(files, limitBytes)
  if (some.length > 0) {
    const bytes = some.reduce((sum, file) => sum + bytesOf(file), 0)
    return { source, files: some, isWhole: false, lookedAt: `the first ${some.length.toLocaleString('en')} of ${files.length.toLocaleString('en')} files`, share: bytes / total, linesUpTo: Infinity }
  }
  const [first] = files
  if (first === undefined || !CUT.has(source.format)) return { source, files: files.slice(0, 1), isWhole: files.length === 1, lookedAt: 'the whole first file', share: first === undefined ? 1 : bytesOf(first) / total, linesUpTo: Infinity }
  const made = source.format === 'json' || source.format === 'xml' ? await cutRecords(sampling, first) : await cutLines(sampling, first)
  return { ...made, isWhole: false, share: made.bytes / total }
}

const CUT: ReadonlySet<string> = new Set(['csv', 'fixed', 'ndjson', 'json', 'xml'])

function bytesOf({ path, sizeBytes }: FoundFile): number {
  return /\.(gz|zst|zip|tgz|tzst)$/i.test(path) ? sizeBytes * UNPACKED : sizeBytes
}

function firstFiles(files: readonly FoundFile[], limitBytes: number): FoundFile[] {
  const some: FoundFile[] = []
  let bytes = 0
  for (const file of files) {
    bytes += bytesOf(file)
    if (bytes > limitBytes) break
    some.push(file)
  }
  return some
}

type Cut = Omit<Sample, 'isWhole' | 'share'> & { bytes: number }

async function cutLines(sampling: Sampling, file: FoundFile): Promise<Cut> {
  const { source, limitBytes, scratchDir, signal, spread } = sampling
  const path = join(scratchDir, withoutPacking(basename(file.name)))
  const reading = await readingOf(file, source, signal)
  const isPlain = reading.packing === 'plain' && reading.encoding === 'utf-8'
  const canJump = spread && isPlain && (source.format === 'ndjson' || source.format === 'fixed' || source.csv.quote === '' || !(await hasQuotes(file, source)))
  const head = await headLines(reading, canJump ? limitBytes / 2 : limitBytes, signal)
  const pieces = canJump ? [head, await linesAt(file, file.sizeBytes / 2, limitBytes / 4), await linesAt(file, file.sizeBytes - limitBytes / 4, limitBytes / 4)] : [head]
  await pipeline(pieces, createWriteStream(path), { signal })
  const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 1 : 0)} MB`
  const lookedAt = canJump ? `the first ${megabytes(head.length)}, and pieces of the middle and the end` : `the first ${megabytes(head.length)}`
  let lines = 0
  for (let at = head.indexOf(LF); at !== -1; at = head.indexOf(LF, at + 1)) lines++
  return { source: { ...source, encoding: 'utf-8' }, files: [{ path, name: file.name }], lookedAt, linesUpTo: lines, bytes: pieces.reduce((sum, piece) => sum + piece.length, 0) }
}

/** How the file's bytes become text: unpacked, and converted from its encoding. */
async function readingOf(file: FoundFile, source: SourceSpec, signal: AbortSignal): Promise<SourceBytes & { packing: Packing; encoding: string }> {
  const archive = await archiveOf(file, true)
  const packing = archive?.kind === 'stream' ? archive.packing : 'plain'
  const { encoding } = await findEncoding(openSource({ ...file, packing }, signal), { declared: source.encoding ?? null, isXml: source.format === 'xml' })
  return { ...file, packing, encoding }
}

/** Where quotes may hold line breaks, a piece from the middle could begin inside a field. */
async function hasQuotes(file: FoundFile, { csv }: SourceSpec): Promise<boolean> {
  const piece = await linesAt(file, 0, 1 << 20)
  return piece.includes(csv.quote ?? '"')
}

async function headLines(reading: SourceBytes, limitBytes: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of openSource(reading, signal)) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= limitBytes) break
  }
  const head = Buffer.concat(chunks).subarray(0, Math.ceil(limitBytes))
  const end = head.lastIndexOf(LF)
  return end === -1 ? head : head.subarray(0, end + 1)
}

/** Whole lines from about a place on. */
async function linesAt({ path }: FoundFile, from: number, limitBytes: number): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(Math.ceil(limitBytes))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, Math.max(0, Math.floor(from)))
    const read = buffer.subarray(0, bytesRead)
    const start = from <= 0 ? 0 : read.indexOf(LF) + 1
    return read.subarray(start, read.lastIndexOf(LF) + 1)
  } finally {
    await handle.close()
  }
}

/** Records of the beginning as NDJSON, since a cut document could not be read. */
async function cutRecords({ source, limitBytes, scratchDir, signal }: Sampling, file: FoundFile): Promise<Cut> {
  const path = join(scratchDir, basename(file.name))
  const records: (Buffer | string)[] = []
  const reading = await readingOf(file, source, signal)
  const options = { file: file.name, encoding: reading.encoding, sink: { add: ({ json }: { json: Buffer | string }) => records.push(typeof json === 'string' ? json : Buffer.from(json)) > 0 }, record: source.record, lists: source.lists }
  const splitter = source.format === 'json' ? new JsonSplitter(options) : new XmlSplitter(options)
  let bytes = 0
  let isCut = false
  for await (const chunk of openSource(reading, signal)) {
    splitter.write(chunk)
    bytes += chunk.length
    if (bytes < limitBytes) continue
    isCut = true
    break
  }
  if (!isCut) splitter.end()
  await pipeline(linesOf(records), createWriteStream(path), { signal })
  const lookedAt = `the first ${records.length.toLocaleString('en')} records`
  return { source: { ...source, format: 'ndjson', record: null, lists: [] }, files: [{ path, name: file.name }], lookedAt, linesUpTo: 0, bytes }
}

/** A record of a JSON document may have line breaks between its members, which mean nothing there. */
function* linesOf(records: readonly (Buffer | string)[]): Generator<string> {
  for (const record of records) yield `${record.toString('utf8').replaceAll(/[\r\n]+/g, ' ')}\n`
}

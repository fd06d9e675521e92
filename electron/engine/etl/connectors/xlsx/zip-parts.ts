import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { ProblemError } from '../../../../../shared/domain/problem.ts'
import { truncated, unreadable } from '../../source-problem.ts'

/** A part that grows more than this when it is unpacked is no workbook but a bomb; real ones stay below 50. */
const MAX_GROWTH = 300
/** Small parts may grow as they like. */
const HARMLESS_BYTES = 64 * 1024 * 1024
const MAX_PARTS = 10_000
const MAX_TEXT_BYTES = 64 * 1024 * 1024
const ZIP_MAGIC = Buffer.from('PK')
const COMPOUND_MAGIC = Buffer.from('d0cf11e0a1b11ae1', 'hex')
/** Second byte of the first record of a sheet without a container, by version. */
const BIFF_VERSIONS = [0x00, 0x02, 0x04, 0x08]
const LOOK_BYTES = 1 << 20

/** The parts of an Office document, which is a zip archive; unpacked while they are read, checked by size and CRC-32. */
export class ZipParts implements Disposable {
  readonly #zip: ZipFile
  readonly #file: string
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, file: string, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#file = file
    this.#entries = entries
  }

  /**
   * @param file name of the delivered file, for problems
   * @throws SOURCE_UNREADABLE for what is no zip archive, or a cut one
   */
  static async open(path: string, file: string): Promise<ZipParts> {
    await refuseOtherFormats(path, file)
    try {
      const zip = await openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true })
      if (zip.entryCount > MAX_PARTS) throw unreadable(`the archive has ${zip.entryCount} parts; a workbook has at most ${MAX_PARTS}`, { file })
      const entries = new Map<string, Entry>()
      for await (const entry of zip.eachEntry()) entries.set(partKey(entry.fileName), entry)
      return new ZipParts(zip, file, entries)
    } catch (error) {
      throw zipProblem(error, file)
    }
  }

  has(name: string): boolean {
    return this.#entries.has(partKey(name))
  }

  sizeOf(name: string): number {
    return this.#entries.get(partKey(name))?.uncompressedSize ?? 0
  }

  /** @throws SOURCE_UNREADABLE where the part is damaged */
  async *chunks(name: string, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    const entry = this.#entries.get(partKey(name))
    if (entry === undefined) throw unreadable(`the part ${name} is missing`, { file: this.#file, hint: 'The workbook is damaged. Open it in the program that made it, and save it again' })
    if (entry.isEncrypted()) throw unreadable('the archive is encrypted', { file: this.#file, hint: 'Deliver the workbook without a password' })
    if (entry.uncompressedSize > HARMLESS_BYTES && entry.uncompressedSize > entry.compressedSize * MAX_GROWTH) {
      throw unreadable(`the part ${name} would grow from ${entry.compressedSize} to ${entry.uncompressedSize} bytes, which no workbook does`, { file: this.#file, hint: 'The file may be made to fill the disk. Ask whoever sent it' })
    }
    let sum = 0
    const stream = await this.#zip.openReadStreamPromise(entry).catch((error: unknown) => {
      throw zipProblem(error, this.#file)
    })
    try {
      for await (const chunk of stream) {
        signal.throwIfAborted()
        sum = crc32(chunk, sum)
        yield chunk
      }
    } catch (error) {
      throw zipProblem(error, this.#file)
    } finally {
      stream.destroy()
    }
    if (sum !== entry.crc32) throw unreadable(`the part ${name} is damaged (its check sum does not fit)`, { file: this.#file, hint: 'Deliver the file again' })
  }

  /** A small part as a whole. */
  async bytes(name: string, signal: AbortSignal): Promise<Buffer> {
    if (this.sizeOf(name) > MAX_TEXT_BYTES) throw unreadable(`the part ${name} is larger than ${MAX_TEXT_BYTES / 1024 / 1024} MB`, { file: this.#file })
    const chunks: Buffer[] = []
    for await (const chunk of this.chunks(name, signal)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  [Symbol.dispose](): void {
    this.#zip.close()
  }
}

/** Names of parts do not tell cases apart. */
function partKey(name: string): string {
  return name.replace(/^\//, '').toLowerCase()
}

/** What people take for a workbook, each with the way out. */
async function refuseOtherFormats(path: string, file: string): Promise<void> {
  await using handle = await open(path, 'r')
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(LOOK_BYTES), 0, LOOK_BYTES, 0)
  const head = buffer.subarray(0, bytesRead)
  if (head.length === 0) throw truncated('the file is empty', { file })
  if (head.subarray(0, 2).equals(ZIP_MAGIC)) return
  if (head.subarray(0, 8).equals(COMPOUND_MAGIC)) {
    if (head.includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
      throw unreadable('the workbook is protected by a password', { file, hint: 'Open it, remove the password, and save it again as .xlsx' })
    }
    throw oldFormat(file)
  }
  if (head[0] === 0x09 && BIFF_VERSIONS.includes(head[1] ?? -1)) throw oldFormat(file)
  const isText = !head.subarray(0, 1_000).includes(0)
  throw unreadable(isText ? 'this is text, not a workbook, whatever its name says' : 'this is no .xlsx workbook', {
    file,
    hint: isText ? 'Set format: csv (or tsv); programs often name text files .xls' : 'Open it in the program that made it, and save it as .xlsx',
  })
}

function oldFormat(file: string): ProblemError {
  return unreadable('this is the Excel format from before 2007 (.xls), which is not read', { file, hint: 'Open it in Excel or LibreOffice and save it as .xlsx, or as CSV' })
}

function zipProblem(error: unknown, file: string): Error {
  if (error instanceof ProblemError || (error instanceof Error && error.name === 'AbortError')) return error
  const reason = error instanceof Error ? error.message : String(error)
  if (/end of central directory|unexpected EOF|unexpected end of file|not enough bytes|stream ended early|past the end|out of bounds/i.test(reason)) {
    return truncated(`the workbook, a zip archive, ends early (${reason})`, { file, cause: error })
  }
  return unreadable(`the workbook is a damaged zip archive (${reason})`, { file, cause: error, hint: 'Deliver the file again, whole' })
}

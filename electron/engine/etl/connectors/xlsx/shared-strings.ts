import { SaxesParser } from 'saxes'
import { unreadable } from '../../source-problem.ts'
import { feedXml } from './feed-xml.ts'
import type { ZipParts } from './zip-parts.ts'

const BLOCK_BYTES = 1 << 20
const MAX_BYTES = 1024 * 1024 * 1024
/** Strings that are kept decoded: most tables repeat few of them. */
const DECODED = 50_000
const PATH = 'xl/sharedStrings.xml'

/**
 * The texts that cells refer to by number. Kept as bytes in large blocks: a million of them are a million objects otherwise.
 */
export class SharedStrings {
  readonly #blocks: Buffer[] = []
  readonly #starts: number[] = []
  readonly #decoded: (string | undefined)[] = []
  #bytes = 0

  static async read(parts: ZipParts, { path = PATH, file, signal }: { path?: string; file: string; signal: AbortSignal }): Promise<SharedStrings> {
    const strings = new SharedStrings()
    if (!parts.has(path)) return strings
    const parser = new SaxesParser()
    const reader = new RichTextReader()
    parser.on('opentag', ({ name }) => reader.open(localName(name)))
    parser.on('text', (text) => reader.text(text))
    parser.on('cdata', (text) => reader.text(text))
    parser.on('closetag', ({ name }) => {
      if (localName(name) === 'si') strings.#add(reader.take(), file)
      else reader.close(localName(name))
    })
    await feedXml({ parts, part: path, parser, file, signal })
    return strings
  }

  get(index: number): string | null {
    const known = this.#decoded[index]
    if (known !== undefined) return known
    const start = this.#starts[index]
    if (start === undefined) return null
    const block = this.#blocks[Math.floor(start / BLOCK_BYTES)]
    if (block === undefined) return null
    const at = start % BLOCK_BYTES
    const length = block.readUInt32LE(at)
    const text = block.toString('utf8', at + LENGTH_BYTES, at + LENGTH_BYTES + length)
    if (index < DECODED) this.#decoded[index] = text
    return text
  }

  /** A text lies in one block whole; a longer one has a block of its own, which counts as several. */
  #add(text: string, file: string): void {
    const length = Buffer.byteLength(text)
    const needed = length + LENGTH_BYTES
    const free = this.#blocks.length * BLOCK_BYTES - this.#bytes
    if (needed > free) {
      this.#bytes = this.#blocks.length * BLOCK_BYTES
      const count = Math.ceil(needed / BLOCK_BYTES)
      const block = Buffer.allocUnsafeSlow(count * BLOCK_BYTES)
      for (let n = 0; n < count; n++) this.#blocks.push(block)
    }
    const block = this.#blocks[Math.floor(this.#bytes / BLOCK_BYTES)]
    if (block === undefined || this.#bytes + needed > MAX_BYTES) {
      throw unreadable(`its texts take more than ${MAX_BYTES / 1024 / 1024} MB`, { file, hint: 'Deliver the table as CSV or Parquet' })
    }
    const at = this.#bytes % BLOCK_BYTES
    block.writeUInt32LE(length, at)
    block.write(text, at + LENGTH_BYTES, 'utf8')
    this.#starts.push(this.#bytes)
    this.#bytes += needed
    if (needed > BLOCK_BYTES) this.#bytes = this.#blocks.length * BLOCK_BYTES
  }
}

const LENGTH_BYTES = 4

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** Puts the runs of a rich text together, without the reading aids (phonetic runs) beside them. */
export class RichTextReader {
  #text = ''
  #isText = false
  #phoneticDepth = 0

  open(name: string): void {
    if (name === 'rPh') this.#phoneticDepth++
    this.#isText = name === 't' && this.#phoneticDepth === 0
  }

  text(text: string): void {
    if (this.#isText) this.#text += text
  }

  close(name: string): void {
    if (name === 'rPh') this.#phoneticDepth--
    if (name === 't') this.#isText = false
  }

  take(): string {
    const text = this.#text
    this.#text = ''
    this.#isText = false
    this.#phoneticDepth = 0
    return unescapeText(text)
  }
}

/** Characters that XML cannot hold are written `_x000D_` in a workbook. */
export function unescapeText(text: string): string {
  return text.includes('_x') ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text
}

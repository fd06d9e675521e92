import { SaxesParser } from 'saxes'
import { ProblemError } from '../../../../../shared/domain/problem.ts'
import { truncated, unreadable } from '../../source-problem.ts'
import { isUtf8 } from 'node:buffer'
import { hasStandIns, printableStandIns, textWithStandIns, unfinishedBytes } from '../../encodings/bad-bytes.ts'
import { notText } from '../ndjson-splitter.ts'
import { MAX_RECORD_BYTES, type RecordShapes, type RecordSplitter, type SplitterOptions } from '../record-splitter.ts'
import type { RecordSink } from '../record-stager.ts'
import { XmlElement } from './xml-element.ts'

/** Where another reader of the document has come to, outside of records. */
export interface XmlPlace {
  /** Names of the open elements, outermost first, as they are written. */
  open: readonly string[]
  /** The root element is behind it. */
  isRootClosed: boolean
  line: number
}

/** Records of XML by a parser that knows all of it and says what is wrong: a fifth as fast as `XmlSplitter`, which hands over to it. */
export class SaxesSplitter implements RecordSplitter {
  readonly #file: string
  readonly #sink: RecordSink
  readonly #path: readonly string[] | null
  readonly #lists: ReadonlySet<string>
  readonly #parser = new SaxesParser({ position: true })
  /** Names of the open elements, outermost first. */
  readonly #names: string[] = []
  /** From the record element down, while inside one. */
  readonly #open: XmlElement[] = []
  /** Elements that were closed, to be used again. */
  readonly #spare: XmlElement[] = []
  readonly #encoding: string
  /** Bytes were seen that are no text, so that any later record may hold some. */
  #hasBadBytes = false
  /** Bytes of a character that goes on in the next chunk. */
  #unfinished: Buffer = Buffer.alloc(0)
  #recordLine = 1
  #recordStart = 0

  readonly #shapes: RecordShapes | null

  /** @param from null: the beginning of the document */
  constructor({ file, encoding, sink, record, lists, shapes }: SplitterOptions, from: XmlPlace | null) {
    this.#file = file
    this.#encoding = encoding
    this.#sink = sink
    this.#shapes = shapes ?? null
    this.#path = record === null ? null : record.split('/').filter((name) => name !== '')
    this.#lists = new Set(lists)
    this.#parser.on('error', (error) => {
      throw error
    })
    this.#parser.on('doctype', (text) => this.#refuseEntities(text))
    this.#parser.on('opentag', ({ name, attributes }) => this.#enter(name, attributes))
    this.#parser.on('text', (text) => this.#addText(text))
    this.#parser.on('cdata', (text) => this.#addText(text))
    this.#parser.on('closetag', () => this.#leave())
    if (from !== null) this.#goOn(from)
  }

  #goOn({ open, isRootClosed, line }: XmlPlace): void {
    this.#parser.write(isRootClosed ? '<root/>' : open.map((name) => `<${name}>`).join(''))
    this.#parser.line = line
  }

  write(chunk: Buffer): void {
    const bytes = this.#unfinished.length === 0 ? chunk : Buffer.concat([this.#unfinished, chunk])
    const end = bytes.length - unfinishedBytes(bytes)
    this.#unfinished = bytes.subarray(end)
    this.#feed(bytes.subarray(0, end))
    if (this.#open.length > 0 && this.#parser.position - this.#recordStart > MAX_RECORD_BYTES) {
      throw unreadable(`one record is larger than ${MAX_RECORD_BYTES / 1024 / 1024} MB`, {
        file: this.#file,
        line: this.#recordLine,
        hint: "Set the source's record to the path of the repeated element, for example catalog/disease",
      })
    }
  }

  end(): void {
    const innermost = this.#names.at(-1)
    if (innermost !== undefined) throw truncated(`the XML ends inside <${innermost}>`, { file: this.#file, line: this.#parser.line })
    this.#feed(this.#unfinished)
    this.#guarded(() => this.#parser.close())
  }

  #feed(bytes: Buffer): void {
    const isText = isUtf8(bytes)
    this.#hasBadBytes ||= !isText
    this.#guarded(() => this.#parser.write(isText ? bytes.toString('utf8') : textWithStandIns(bytes)))
  }

  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (error instanceof ProblemError) throw error
      const reason = error instanceof Error ? error.message.replace(/^\d+:\d+:\s*/, '') : String(error)
      throw unreadable(`malformed XML: ${reason}`, { file: this.#file, line: this.#parser.line, cause: error })
    }
  }

  #refuseEntities(doctype: string): void {
    if (!/<!ENTITY/i.test(doctype)) return
    throw unreadable('the document declares entities, which are not expanded', {
      file: this.#file,
      line: this.#parser.line,
      hint: 'Deliver the file without <!ENTITY ...> declarations',
    })
  }

  #enter(tagName: string, attributes: Readonly<Record<string, unknown>>): void {
    const name = localName(tagName)
    this.#names.push(name)
    if (this.#open.length === 0) {
      if (!this.#isRecord()) return
      this.#recordLine = this.#parser.line
      this.#recordStart = this.#parser.position
    }
    const element = this.#spare.pop() ?? new XmlElement()
    element.begin(name)
    for (const attribute in attributes) {
      if (attribute !== 'xmlns' && !attribute.startsWith('xmlns:')) element.setAttribute(localName(attribute), String(attributes[attribute]))
    }
    this.#open.push(element)
  }

  #isRecord(): boolean {
    if (this.#path === null) return this.#names.length === 2
    return this.#path.length === this.#names.length && this.#path.every((name, depth) => name === this.#names[depth])
  }

  #addText(text: string): void {
    const element = this.#open.at(-1)
    if (element !== undefined) element.text += text
  }

  #leave(): void {
    this.#names.pop()
    const element = this.#open.pop()
    if (element === undefined) return
    this.#spare.push(element)
    const parent = this.#open.at(-1)
    if (parent !== undefined) return parent.add(element, this.#lists.has(element.name))
    const json = element.recordJson()
    const isBad = this.#hasBadBytes && hasStandIns(json)
    const isTaken = this.#sink.add({ line: this.#recordLine, json: isBad ? printableStandIns(json) : json, reason: isBad ? notText(this.#encoding) : null })
    if (this.#shapes === null || !isTaken) return
    if (isBad) this.#shapes.noteBad()
    else element.eachMember((key, seen) => this.#shapes?.note(key, seen))
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}

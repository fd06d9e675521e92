import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toProblem } from '../../../../../shared/domain/problem.ts'
import type { RecordSplitter, SplitterOptions } from '../record-splitter.ts'
import { SaxesSplitter } from './saxes-splitter.ts'
import { XmlSplitter } from './xml-splitter.ts'

interface Told {
  records: { line: number; json: string; reason: string | null }[]
  keys: Record<string, number>
  bad: number
  problem: { message: string; line: unknown } | null
}

const DECLARED = { file: 'x.xml', encoding: 'utf-8', lists: ['tag', 'l'] }

/** What a splitter makes of a document that comes in chunks of so many bytes. */
function tell(make: (options: SplitterOptions) => RecordSplitter, { bytes, chunk, record }: { bytes: Buffer; chunk: number; record: string | null }): Told {
  const told: Told = { records: [], keys: {}, bad: 0, problem: null }
  try {
    const splitter = make({
      ...DECLARED,
      record,
      sink: { add: ({ line, json, reason }) => told.records.push({ line: Number(line), json: json.toString(), reason }) > 0 },
      shapes: { note: (key, seen) => (told.keys[key] = (told.keys[key] ?? 0) | seen), noteBad: () => told.bad++ },
    })
    for (let at = 0; at < bytes.length; at += chunk) splitter.write(bytes.subarray(at, at + chunk))
    splitter.end()
  } catch (error) {
    const { message, details } = toProblem(error)
    told.problem = { message, line: details?.['line'] }
  }
  return told
}

/** Records before a fault mean nothing; and text outside of the root is told at the end of its chunk, which may be lines further. */
function comparable({ problem, ...told }: Told): unknown {
  if (problem === null) return told
  return /outside of root/.test(problem.message) ? 'text outside of the root' : problem
}

function expectSame(bytes: Buffer, { chunk, record }: { chunk: number; record: string | null }): void {
  const fast = tell((options) => new XmlSplitter(options), { bytes, chunk, record })
  const slow = tell((options) => new SaxesSplitter(options, null), { bytes, chunk, record })
  expect(comparable(fast)).toEqual(comparable(slow))
}

const NAMES = ['a', 'b', 'tag', 'l', 'x:a', 'größe', 'a.b-c_d', ':q']
const name = fc.constantFrom(...NAMES)
const blank = fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\r', ' \n  ')
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom('a', 'ž', '漢', '\u{1F600}', '"', "'", '\\', '\n', '\r', '\t', ' ', '\u00A0', '\uFEFF', ']', '>', '/', '=', '\u007F', '\u2028', 'n') }) },
  fc.constantFrom('&amp;', '&lt;', '&gt;', '&quot;', '&apos;', '&#10;', '&#x41;', '&#13;', '&#228;', '&#x1F600;', '&#32;', '&#0000065;'),
  fc.constantFrom('<!-- a comment -->', '<!---->', '<![CDATA[raw <b> & ]] > ]]]>', '<![CDATA[]]>', '<?pi what ?>', '<?pi?>'),
)
const wrong = fc.constantFrom('&nope;', '&#0;', '&', '<', ']]>', '<!-- -- -->', '<?xml version="1.0"?>', '\u0001', '\uFFFE', '</a>', '<a', '<a b>', '<a b=c>', '<a b="1" b="2"/>', '<a b="1"c="2"/>', '<1/>', '<!DOCTYPE a>', '&#xD800;', '<a b="<"/>', '< a/>', '<a/ >', '<![CDATA[', '<!x>', '<a b="&#xFFFF;"/>')
const attribute = fc.tuple(fc.constantFrom('id', 'x:id', 'xmlns', 'xmlns:x', 'lang', 'ü'), blank, fc.constantFrom('"', "'"), fc.array(piece, { maxLength: 3 })).map(([key, space, quote, value]) => ` ${key}${space}=${space}${quote}${value.join('').replaceAll(quote, '').replaceAll(/<[^>]*>|[<]/g, '')}${quote}`)
const attributes = fc.uniqueArray(attribute, { maxLength: 3, selector: (text) => text.trim().split(/[\s=]/)[0] })

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, piece, blank, tie('element')), { maxLength: 5 }).map((parts) => parts.join('').replaceAll(']]>', (end, at, whole: string) => (whole.slice(0, at).includes('<![CDATA[') ? end : ''))),
  element: fc.tuple(name, attributes, blank, tie('content'), fc.boolean()).map(([tag, own, space, content, isEmpty]) => (isEmpty ? `<${tag}${own.join('')}${space}/>` : `<${tag}${own.join('')}${space}>${content}</${tag}${space}>`)),
}))
const prolog = fc.constantFrom('', '\uFEFF', '<?xml version="1.0"?>\n', '<?xml version="1.0" encoding="UTF-8"?><!-- x -->\n', '<?xml version="1.1"?>', '<!DOCTYPE d>', '<!DOCTYPE d SYSTEM "a>b" [<!ELEMENT d ANY>]>', ' \n', '<?xml version="1.0"?><?p?><!DOCTYPE d PUBLIC "a" "b">', 'text')
const document = fc.tuple(prolog, fc.array(fc.oneof(element, piece, blank), { maxLength: 8 }), blank).map(([head, parts, tail]) => `${head}<d>${parts.join('')}</d>${tail}`)
const record = fc.constantFrom(null, 'd', 'd/a', 'd/b/a', 'd/größe', 'a')
const chunk = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(50, 100_000))

describe('the fast reader of XML', () => {
  it('tells the same records, keys and problems as the parser that knows all of it', () => {
    fc.assert(fc.property(document, record, chunk, (text, path, size) => expectSame(Buffer.from(text), { chunk: size, record: path })), { numRuns: 1_000 })
  })

  it('finds the same faults in documents that have one', () => {
    const spoilt = fc.tuple(document, wrong, fc.double({ min: 0, max: 1, noNaN: true })).map(([text, fault, where]) => {
      const at = Math.floor(where * text.length)
      return text.slice(0, at) + fault + text.slice(at)
    })
    fc.assert(fc.property(spoilt, record, chunk, (text, path, size) => expectSame(Buffer.from(text), { chunk: size, record: path })), { numRuns: 700 })
  })

  it('reads the same from bytes that are no text, and from documents that are cut off', () => {
    const cut = fc.tuple(document, fc.double({ min: 0, max: 1, noNaN: true }), fc.option(fc.integer({ min: 0x80, max: 0xff }))).map(([text, where, bad]) => {
      const bytes = Buffer.from(text)
      const at = Math.floor(where * bytes.length)
      return bad === null ? bytes.subarray(0, at) : Buffer.concat([bytes.subarray(0, at), Buffer.from([bad]), bytes.subarray(at)])
    })
    fc.assert(fc.property(cut, record, chunk, (bytes, path, size) => expectSame(bytes, { chunk: size, record: path })), { numRuns: 700 })
  })

  it('takes elements with very many members, and texts longer than its first memory', () => {
    const long = 'x"y'.repeat(100_000)
    const text = `<d>${`<r><n>${long}</n>${Array.from({ length: 700 }, (_, index) => `<k${index % 600}>${index}</k${index % 600}>`).join('')}</r>\n`.repeat(5)}</d>`
    for (const size of [1_000, 1 << 20]) expectSame(Buffer.from(text), { chunk: size, record: 'd/r' })
  })
})

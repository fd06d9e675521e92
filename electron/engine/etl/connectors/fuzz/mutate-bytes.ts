import fc from 'fast-check'
import iconv from 'iconv-lite'

/** One thing that happens to a file on its way. Places are shares of its length, so that a smaller file is still hit. */
type Mutation =
  | { kind: 'cut'; at: number }
  | { kind: 'insert'; at: number; bytes: Uint8Array }
  | { kind: 'remove'; at: number; count: number }
  | { kind: 'repeat'; at: number; count: number }
  | { kind: 'swap'; at: number; other: number; count: number }
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'recode'; at: number; encoding: string }
  | { kind: 'splice'; at: number; from: number }
  | { kind: 'number'; at: number; bytes: Uint8Array }

/** What breaks readers of text: quotes, line ends of every kind, separators, brackets, entities, zero bytes, halves of characters. */
const TROUBLE = [
  '"', '""', "'", '\n', '\r', '\r\n', '\n\n', ',', ';', '\t', '|', '~', '{', '}', '[', ']', ':', '\\', '\\"', '\\u', '<', '>', '</', '<!--', ']]>', '<![CDATA[', '&', '&amp', '&#0;', '<!DOCTYPE x [<!ENTITY a "b">]>',
  '\0', '\uFEFF', '\u2028', '\u0001\u0002\u0003', '\u001A', ' ', 'null', 'NaN', '1e999', '#', '--', '\u{1F600}',
]
const BROKEN = [[0xff], [0xfe, 0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80], [0x81], [0x82, 0x20], [0x1f, 0x8b, 8], [0x28, 0xb5, 0x2f, 0xfd], [0x50, 0x4b, 3, 4]]
/** What breaks readers that trust a length, a count or a position. */
const NUMBERS = [[0], [0x7f], [0x80], [0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80], [0, 0, 0, 0, 1, 0, 0, 0], Array.from({ length: 8 }, () => 0xff)]

const place = fc.double({ min: 0, max: 1, noNaN: true })
const count = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 400 }))

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TROUBLE).map((text) => Buffer.from(text)) }, fc.constantFrom(...BROKEN).map((bytes) => Buffer.from(bytes))) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: place, count }) },
  fc.record({ kind: fc.constant('repeat' as const), at: place, count }),
  fc.record({ kind: fc.constant('swap' as const), at: place, other: place, count }),
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('recode' as const), at: place, encoding: fc.constantFrom('utf-16le', 'utf-16be', 'windows-1252', 'shift_jis', 'gb18030') }),
  fc.record({ kind: fc.constant('splice' as const), at: place, from: place }),
  fc.record({ kind: fc.constant('number' as const), at: place, bytes: fc.constantFrom(...NUMBERS).map((bytes) => Buffer.from(bytes)) }),
)

/** Up to six things that happen to a file, one after the other. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 6 })

/** @param other what a splice goes on with */
export function mutated(bytes: Buffer, changes: readonly Mutation[], other: Buffer): Buffer {
  return changes.reduce((changed, change) => apply(changed, change, other), bytes)
}

function apply(bytes: Buffer, change: Mutation, other: Buffer): Buffer {
  const at = Math.floor(change.at * bytes.length)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (change.kind) {
    case 'cut':
      return before
    case 'insert':
      return Buffer.concat([before, change.bytes, after])
    case 'remove':
      return Buffer.concat([before, after.subarray(change.count)])
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, change.count), after])
    case 'swap': {
      const copy = Buffer.from(bytes)
      const to = Math.floor(change.other * bytes.length)
      bytes.copy(copy, at, to, to + change.count)
      bytes.copy(copy, to, at, at + change.count)
      return copy
    }
    case 'flip': {
      const copy = Buffer.from(bytes)
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << change.bit)
      return copy
    }
    case 'recode':
      return Buffer.concat([before, iconv.encode(after.toString('utf8'), change.encoding)])
    case 'splice':
      return Buffer.concat([before, other.subarray(Math.floor(change.from * other.length))])
    case 'number': {
      const copy = Buffer.from(bytes)
      copy.set(change.bytes.subarray(0, copy.length - at), at)
      return copy
    }
  }
}

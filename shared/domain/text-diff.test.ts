import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textDiff, withContext } from './text-diff.ts'

const plain = (from: string, to: string): string[] => textDiff(from, to).map((line) => `${line.kind === 'same' ? ' ' : line.kind === 'added' ? '+' : '-'}${line.text}`)

describe('a diff of two texts', () => {
  it('goes line by line, with the number of each line on its side', () => {
    expect(plain('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual([' a', '-b', '+B', ' c', '+d'])
    expect(textDiff('a\nb\nc\n', 'a\nB\nc\nd\n').map(({ from, to }) => [from, to])).toEqual([[1, 1], [2, null], [null, 2], [3, 3], [null, 4]])
  })

  it('takes a missing line end and Windows line ends for nothing', () => {
    expect(plain('a\r\nb', 'a\nb\n')).toEqual([' a', ' b'])
    expect(plain('', 'a')).toEqual(['+a'])
  })

  it('leaves out what is far from a change', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
    const shown = withContext(textDiff(lines.join('\n'), lines.with(10, 'other').join('\n')), 2)
    expect(shown.map((line) => (line.kind === 'gap' ? line.count : line.text))).toEqual([8, 'line 8', 'line 9', 'line 10', 'other', 'line 11', 'line 12', 7])
  })

  it('contains both texts whole', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.map((line) => `${line}\n`).join(''))
    fc.assert(
      fc.property(text, text, (from, to) => {
        const lines = textDiff(from, to)
        const side = (other: 'added' | 'removed'): string => lines.filter((line) => line.kind !== other).map((line) => `${line.text}\n`).join('')
        expect([side('added'), side('removed')]).toEqual([from, to])
      }),
    )
  })
})

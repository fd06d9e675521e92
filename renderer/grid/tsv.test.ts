import { describe, expect, it } from 'vitest'
import { toTsv } from './tsv.ts'

describe('toTsv', () => {
  it('separates with tabs and quotes what would break the table', () => {
    expect(toTsv([['a', 'b'], [1, null], ['x\ty', 'say "hi"']])).toBe('a\tb\n1\t\n"x\ty"\t"say ""hi"""')
  })
})

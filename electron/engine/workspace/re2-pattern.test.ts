import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { type Duck, openDuck } from '../query/duckdb.ts'
import { re2PatternProblem } from './re2-pattern.ts'

let duck: Duck
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: '/tmp' })
})
afterAll(() => duck[Symbol.dispose]())

const accepted = async (pattern: string): Promise<boolean> => {
  try {
    await duck.rows(`SELECT regexp_full_match('abc', ${quoteLiteral(pattern)})`)
    return true
  } catch {
    return false
  }
}

describe('regular expressions', () => {
  it.each(['ORPHA:\\d+', '^[A-Z]{2}-[0-9]{4}$', '(?i)abc', 'a(?i:b)c', '(?P<year>\\d{4})', '[[:alpha:]_]+', '\\pL+\\p{Greek}', '\\Aabc\\z', '[^\\]]*', 'a|b|', '\\x{1F600}', '[-a-z]', 'a.b?c*d+?'])(
    '%s is accepted here and by DuckDB',
    async (pattern) => {
      expect(re2PatternProblem(pattern)).toBeNull()
      expect(await accepted(pattern)).toBe(true)
    },
  )

  it.each(['a[', '(a', 'a)', '*a', 'a**', '(?=a)', '(?<!a)b', '(a)\\1', '[z-a]', 'a{2000}', '(?>a)', '\\'])('%s is refused here and by DuckDB', async (pattern) => {
    expect(re2PatternProblem(pattern)).toEqual(expect.any(String))
    expect(await accepted(pattern)).toBe(false)
  })
})

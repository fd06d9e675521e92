import { describe, expect, it } from 'vitest'
import { statementRanges } from './sql-text.ts'

describe('the statements of a text', () => {
  const statements = (sql: string): string[] => statementRanges(sql).map(({ from, to }) => sql.slice(from, to))

  it('end at semicolons, and neither hold those nor the comments around them', () => {
    expect(statements('-- first\nSELECT 1; /* ; */ SELECT 2 -- done\n;;')).toEqual(['SELECT 1', 'SELECT 2'])
    expect(statements("SELECT ';', \";\", $$;$$; SELECT $a$ ; $a$")).toEqual(["SELECT ';', \";\", $$;$$", 'SELECT $a$ ; $a$'])
  })

  it('are none where there is nothing but comments', () => {
    expect(statements('')).toEqual([])
    expect(statements(' ; -- SELECT 1\n;')).toEqual([])
  })

  it('hold the comments inside them', () => {
    expect(statements('SELECT 1 -- one\n + 2')).toEqual(['SELECT 1 -- one\n + 2'])
  })
})

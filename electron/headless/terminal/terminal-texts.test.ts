import { describe, expect, it } from 'vitest'
import { formatAge, formatBytes, formatCount, formatDuration } from './figures.ts'
import { createLiveBlock } from './live-block.ts'
import { createPaint } from './paint.ts'
import { plainText } from './plain-text.ts'
import { problemText } from './problem-text.ts'
import { csvLines } from './row-formats.ts'
import { cut, formatTable } from './table.ts'

const plain = createPaint(false)

describe('figures', () => {
  it('are written in full with separators', () => {
    expect(formatCount(61_204)).toBe('61,204')
    expect(formatCount(null)).toBe('')
  })

  it('change their unit where people would', () => {
    expect([0, 999, 1_000, 59_999, 60_000, 185_000, 7_800_000].map(formatDuration)).toEqual(['0 ms', '999 ms', '1.0 s', '59.9 s', '1 min 00 s', '3 min 05 s', '2 h 10 min'])
    expect([0, 999, 1_000, 999_949, 999_950, 4_100_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '999.9 kB', '1.0 MB', '4.1 MB'])
  })

  it('say how long ago', () => {
    const now = Date.parse('2026-03-01T12:00:00Z')
    expect(['2026-03-01T11:59:50Z', '2026-03-01T11:00:00Z', '2026-02-27T12:00:00Z', '2025-01-05T00:00:00Z'].map((at) => formatAge(at, now))).toEqual(['just now', '1 h ago', '2 days ago', '2025-01-05'])
  })
})

describe('a table', () => {
  it('is aligned, numbers to the right, and has no spaces at the line ends', () => {
    const lines = formatTable([{ header: 'name' }, { header: 'rows', align: 'right' }, { header: 'note' }], [['a', '1', ''], ['long name', '1,204', 'x']], plain)
    expect(lines).toEqual(['name        rows  note', 'a              1', 'long name  1,204  x'])
  })

  it('counts wide characters as two and combining marks as none', () => {
    const lines = formatTable([{ header: 'a' }, { header: 'b' }], [['日本', '1'], ['e\u0301', '2'], ['abcd', '3']], plain)
    expect(lines.slice(1)).toEqual(['日本  1', 'e\u0301     2', 'abcd  3'])
  })

  it('does not let data steer the terminal', () => {
    const [, row] = formatTable([{ header: 'a' }], [['\u001b[2Jboo\n\u202etxt']], plain)
    expect(row).toBe(String.raw`\u{1b}[2Jboo\n\u{202e}txt`)
  })

  it('cuts long cells', () => {
    expect(cut('abcdef', 4)).toBe('abc…')
    expect(cut('abcd', 4)).toBe('abcd')
  })
})

it('a problem says what, where and what to try', () => {
  const text = problemText({ code: 'WORKSPACE_INVALID', message: 'unknown key "sorces"', details: { file: 'pipelines/a/pipeline.yaml', line: 3, column: 1 }, retryable: false, hint: 'Did you mean sources?' })
  expect(text).toBe('strata: unknown key "sorces"\n  where: pipelines/a/pipeline.yaml:3:1\n  try:   Did you mean sources?\n')
})

it('CSV keeps null and empty text apart', () => {
  const columns = ['a', 'b "c"'].map((name) => ({ name, type: 'VARCHAR', kind: 'text' as const, isProvenance: false }))
  expect(csvLines(columns, [[null, ''], ['x,y', '2\n3']])).toEqual(['a,"b ""c"""', ',""', '"x,y","2\n3"'])
})

it('color can be turned off', () => {
  expect(createPaint(true)('x', 'red')).toBe('\u001b[31mx\u001b[39m')
  expect(plain('x', 'red')).toBe('x')
})

it('plain text stays as it is', () => {
  expect(plainText('Maladie de Crohn — 日本 ✓')).toBe('Maladie de Crohn — 日本 ✓')
})

describe('a live block', () => {
  it('goes back over what it drew, and leaves the last drawing standing', () => {
    let written = ''
    const block = createLiveBlock({ raw: (text) => (written += text), rows: 10 })
    block.draw(['one', 'two'])
    block.draw(['three'])
    block.end()
    expect(written).toBe('\u001b[?25l\u001b[?7lone\ntwo\n\u001b[?7h' + '\u001b[2A\r\u001b[J\u001b[?7lthree\n\u001b[?7h' + '\u001b[?25h')
  })

  it('never draws more lines than the terminal has', () => {
    let written = ''
    const block = createLiveBlock({ raw: (text) => (written += text), rows: 3 })
    block.draw(['one', 'two', 'three', 'four'])
    expect(written).toContain('three\nfour\n')
    expect(written).not.toContain('two')
  })
})

import { describe, expect, it } from 'vitest'
import type { SqlNames } from '../../shared/contract/sql-pad.contract.ts'
import { completeSql } from './complete-sql.ts'
import { sqlScope } from './sql-scope.ts'

const NAMES: SqlNames = {
  datasets: [
    { dataset: 'drugs.curated.products', version: 3, rowCount: 8_412, columns: [{ name: 'product_id', type: 'VARCHAR' }, { name: 'approval date', type: 'DATE' }, { name: 'order', type: 'INTEGER' }] },
    { dataset: 'drugs.preprocessed.products', version: 3, rowCount: 9_311, columns: [{ name: 'raw_id', type: 'VARCHAR' }] },
    { dataset: 'prevalence.curated.diseases', version: 1, rowCount: 1, columns: [{ name: 'orpha_code', type: 'VARCHAR' }, { name: 'product_id', type: 'VARCHAR' }] },
  ],
  functions: [
    { name: 'date_trunc', kind: 'scalar', signatures: ['(part VARCHAR, timestamp DATE) → TIMESTAMP'], description: null, example: null },
    { name: 'today', kind: 'scalar', signatures: ['() → DATE'], description: null, example: null },
    { name: 'unnest', kind: 'table', signatures: [], description: null, example: null },
  ],
}

/** The text with `|` where the cursor is. */
function at(marked: string): { text: string; cursor: number } {
  const cursor = marked.indexOf('|')
  return { text: marked.replace('|', ''), cursor }
}

function labels(marked: string, kind?: string): string[] {
  const { text, cursor } = at(marked)
  return completeSql(NAMES, text, cursor).options.filter((option) => kind === undefined || option.kind === kind).map(({ label }) => label)
}

function applied(marked: string, label: string): string | undefined {
  const { text, cursor } = at(marked)
  const found = completeSql(NAMES, text, cursor).options.find((option) => option.label === label)
  return found?.apply ?? found?.label
}

describe('completion of SQL', () => {
  it('offers datasets after FROM and JOIN, found by their last name and written in full', () => {
    expect(labels('SELECT * FROM pro|', 'table')).toEqual(expect.arrayContaining(['products', 'diseases', 'drugs.curated.products']))
    expect(applied('SELECT * FROM pro|', 'diseases')).toBe('prevalence.curated.diseases')
    expect(labels('SELECT * FROM drugs.curated.products p JOIN |', 'table')).toContain('diseases')
    expect(labels('SELECT * FROM drugs.curated.products p, |', 'table')).toContain('diseases')
    expect(labels('FROM |', 'folder')).toEqual(['drugs', 'prevalence'])
    expect(labels('FROM |', 'function')).toEqual(['unnest'])
  })

  it('goes from data type to zone to dataset to column by dots', () => {
    expect(labels('SELECT * FROM drugs.|')).toEqual(['preprocessed', 'curated'])
    expect(labels('SELECT * FROM drugs.curated.|')).toEqual(['products'])
    expect(labels('SELECT * FROM drugs.curated.pro|')).toEqual(['products'])
    expect(labels('SELECT * FROM curated.|')).toEqual(['products', 'diseases'])
    expect(labels('SELECT drugs.curated.products.| FROM drugs.curated.products')).toEqual(['product_id', 'approval date', 'order'])
  })

  it('offers the columns of what the statement reads, before and after FROM', () => {
    expect(labels('SELECT | FROM drugs.curated.products', 'column')).toEqual(['product_id', 'approval date', 'order'])
    expect(labels('SELECT 1 FROM drugs.curated.products WHERE pro|', 'column')).toEqual(['product_id', 'approval date', 'order'])
    expect(labels('SELECT | FROM curated.products', 'column')).toContain('product_id')
    expect(labels('SELECT p.| FROM drugs.curated.products AS p JOIN prevalence.curated.diseases d USING (product_id)')).toEqual(['product_id', 'approval date', 'order'])
    expect(labels('SELECT d.orp| FROM drugs.curated.products AS p JOIN prevalence.curated.diseases d ON d.product_id = p.product_id')).toEqual(['orpha_code', 'product_id'])
    expect(labels('SELECT 1; SELECT | FROM prevalence.curated.diseases; SELECT raw_id FROM drugs.preprocessed.products', 'column')).toEqual(['orpha_code', 'product_id'])
  })

  it('writes names in quotes that SQL would read otherwise', () => {
    expect(applied('SELECT | FROM drugs.curated.products', 'approval date')).toBe('"approval date"')
    expect(applied('SELECT | FROM drugs.curated.products', 'order')).toBe('"order"')
  })

  it('offers aliases, CTEs, functions and keywords, in the letters that are used', () => {
    expect(labels('WITH a AS (SELECT 1), b AS MATERIALIZED (SELECT 2) SELECT * FROM |', 'alias')).toEqual(['a', 'b'])
    expect(labels('SELECT | FROM drugs.curated.products prod', 'alias')).toEqual(['prod'])
    expect(applied('SELECT dat|', 'date_trunc')).toBe('date_trunc(')
    expect(applied('SELECT to|', 'today')).toBe('today()')
    expect(labels('sel|', 'keyword')).toContain('select')
    expect(labels('SEL|', 'keyword')).toContain('SELECT')
    expect(labels('SELECT * FROM drugs.curated.products ORDER BY |', 'table')).toEqual([])
  })

  it('offers nothing inside texts and comments', () => {
    expect(labels("SELECT 'pro|'")).toEqual([])
    expect(labels('SELECT 1 -- from |')).toEqual([])
    expect(labels('SELECT /* from | */ 1')).toEqual([])
    expect(labels("SELECT 'it''s' AS a, -- done\n | FROM drugs.curated.products", 'column')).toContain('product_id')
  })
})

describe('what a half-written statement can see', () => {
  const scope = (marked: string) => {
    const { text, cursor } = at(marked)
    return sqlScope(text, cursor)
  }

  it('is every table in it, with its alias', () => {
    expect(scope('SELECT | FROM a.b.c AS x, "d e".f.g JOIN lateral (SELECT * FROM h.i) y ON true').tables).toEqual([
      { name: 'a.b.c', alias: 'x' }, { name: 'd e.f.g', alias: null }, { name: 'h.i', alias: null },
    ])
    expect(scope('SELECT | FROM a.b WHERE x = 1').tables).toEqual([{ name: 'a.b', alias: null }])
  })

  it('expects tables only where a table can stand', () => {
    expect(scope('SELECT a, | FROM t').wantsTable).toBe(false)
    expect(scope('SELECT * FROM t WHERE a IN (SELECT b FROM |').wantsTable).toBe(true)
    expect(scope('SELECT * FROM t JOIN u ON |').wantsTable).toBe(false)
    expect(scope('SELECT * FROM t GROUP BY |').wantsTable).toBe(false)
    expect(scope('SELECT * FROM a.b.|').wantsTable).toBe(true)
    expect(scope('SELECT * FROM a.b x|').wantsTable).toBe(false)
  })
})

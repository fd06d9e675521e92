import { describe, expect, it } from 'vitest'
import { exportFileName, exportScope } from './export-words.ts'

const subject = { dataset: 'drugs.curated.products', version: 4, query: { sort: [], filter: [] }, rowCount: 8_412 }
const narrowed = { ...subject, query: { sort: [{ column: 'name', direction: 'asc' as const }], filter: [{ column: 'a', op: 'is_null' as const }, { column: 'b', op: 'is_null' as const }] } }

describe('the words of an export', () => {
  it('says which rows, in which order', () => {
    expect(exportScope(subject)).toMatch(/^8,412 rows of v4\. /)
    expect(exportScope(narrowed)).toMatch(/^8,412 rows of v4, narrowed by the 2 filters in force, sorted by name\. /)
  })

  it('names the file after what is in it', () => {
    expect(exportFileName(subject, 'csv')).toBe('drugs.curated.products.v4.csv')
    expect(exportFileName(narrowed, 'parquet')).toBe('drugs.curated.products.v4.filtered.parquet')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tablesIn, withTables } from '../../../../shared/domain/nested-tables.ts'
import { parseFieldPath } from '../connectors/mapping/field-path.ts'
import { NestedOutline } from './nested-outline.ts'
import { proposeTables } from './nested-tables.ts'

function proposed(records: readonly Record<string, unknown>[], isXml = false) {
  const outline = new NestedOutline()
  for (const record of records) outline.add(record)
  return proposeTables(outline.outline(), isXml)
}

describe('tables inside records', () => {
  it('are the lists of objects, and what is there once becomes columns', () => {
    expect(proposed([
      { id: 1, who: { name: 'Ada', born: { place: 'London' } }, visits: [{ day: 'Mon', tests: ['a'] }, { day: 'Tue' }], tags: ['x', 'y'] },
      { id: 2, who: { name: 'Bo' }, visits: [{ day: 'Wed' }] },
    ])).toEqual({
      fields: { id: '$.id', who_name: '$.who.name', place: '$.who.born.place', tags: '$.tags[*]' },
      key: 'id',
      isKeyUnique: true,
      tables: [{ name: 'visits', record: '$.visits[*]', fields: { day: '$.day', tests: '$.tests[*]' }, records: 2, rows: 3 }],
      records: 2,
    })
  })

  it('are found whether one thing stands alone or in a list, wrapped or not, under the name of the wrapper', () => {
    const both = proposed([{ code: 'a', Prevalences: [{ Prevalence: { Source: 's', Type: { value: 'p' } } }] }, { code: 'b', Prevalences: { Prevalence: [{ Source: 't' }, { Source: 'u' }] } }, { code: 'c' }])
    expect(both?.tables).toEqual([{ name: 'prevalences', record: '$.Prevalences.Prevalence[*]', fields: { source: '$.Source', type_value: '$.Type.value' }, records: 2, rows: 3 }])
  })

  it('keep a list within a table as one of its columns', () => {
    expect(proposed([{ id: 1, genes: [{ symbol: 'G', refs: [{ db: 'x' }] }] }])?.tables[0]?.fields).toEqual({ symbol: '$.symbol', refs: '$.refs[*]' })
  })

  it('are not made of what no path can tell apart, of mixed values, or of names that are data', () => {
    const years = Object.fromEntries(Array.from({ length: 300 }, (_, year) => [`y${year}`, { n: year }]))
    const found = proposed([{ id: 1, o: { n: 1 }, grid: [[{ n: 1 }]], mixed: { a: 1 }, years }, { id: 2, mixed: 'text' }])
    expect(found).toMatchObject({ tables: [], fields: { id: '$.id', n: '$.o.n', grid: '$.grid', mixed: '$.mixed', years: '$.years' } })
  })

  it('take the name of the records as key, also where some share it, and none where nothing names them', () => {
    const lists = { l: [{ v: 1 }] }
    expect(proposed([{ nct: { nctId: 'N1' }, ...lists }, { nct: { nctId: 'N2' }, ...lists }, { nct: { nctId: 'N2' }, ...lists }])).toMatchObject({ key: 'nct_id', isKeyUnique: false })
    expect(proposed([{ kind: 'a', ...lists }, { kind: 'a', ...lists }, { kind: 'a', ...lists }])).toMatchObject({ key: null, isKeyUnique: false })
    expect(proposed([{ id: 1, ...lists }, { ...lists }])).toMatchObject({ key: null })
  })

  it('are said in paths of elements in XML', () => {
    expect(proposed([{ '@id': '1', name: { '#text': 'x', '@lang': 'en' }, drug: [{ dose: '1' }, { dose: '2' }] }], true)).toMatchObject({
      fields: { id: '@id', name_text: 'name/#text', lang: 'name/@lang' },
      tables: [{ name: 'drug', record: 'drug', fields: { dose: 'dose' } }],
    })
  })

  it('are null where nothing is nested', () => {
    expect(proposed([{ a: 1, b: ['x'] }])).toBeNull()
  })

  it('have names that are columns, each once, and paths that can be read, for any records (property)', () => {
    const value = fc.jsonValue({ maxDepth: 4 })
    fc.assert(fc.property(fc.array(fc.dictionary(fc.string({ maxLength: 6 }), value, { maxKeys: 6 }), { minLength: 1, maxLength: 4 }), (records) => {
      const found = proposed(records)
      if (found === null) return
      for (const { fields, record } of found.tables) {
        for (const path of [record, ...Object.values(fields)]) expect(() => parseFieldPath(path, false)).not.toThrow()
        expect(Object.keys(fields).every((name) => /^[a-z][a-z0-9_]*$/.test(name) && name !== 'parent_record' && name !== found.key)).toBe(true)
      }
      for (const [name, path] of Object.entries(found.fields)) {
        expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
        expect(() => parseFieldPath(path, false)).not.toThrow()
      }
      const names = found.tables.map((table) => table.name)
      expect(new Set(names).size).toBe(names.length)
      expect(found.key === null || found.fields[found.key] !== undefined).toBe(true)
    }))
  })
})

describe('the declaration', () => {
  const nested = proposed([{ id: 1, visits: [{ day: 'Mon' }], tests: [{ t: 1 }] }])

  it('takes some of the tables, and keeps the other lists as columns', () => {
    if (nested === null) throw new Error('nothing nested')
    const some = withTables({ format: 'json' }, nested, ['visits'])
    expect(some).toEqual({ format: 'json', fields: { id: '$.id', tests: '$.tests[*]' }, children: { visits: { record: '$.visits[*]', keys: 'id', fields: { day: '$.day' } } } })
    expect(tablesIn(some)).toEqual(['visits'])
    expect(withTables(some, nested, null)).toEqual({ format: 'json' })
    expect(tablesIn(withTables(some, nested, []))).toEqual([])
  })
})

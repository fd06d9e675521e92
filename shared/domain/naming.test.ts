import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closestName, datasetId, datasetNameProblem, dataTypeNameProblem, parseDatasetId, quoteIdentifier, quoteLiteral } from './naming.ts'
import { ZONES } from './zone.ts'

describe('names', () => {
  it('accept plain lower case', () => {
    for (const name of ['a', 'clinical_trials', 'x2', `a${'b'.repeat(62)}`]) expect(datasetNameProblem(name)).toBeNull()
  })

  it('refuse what DuckDB, a file system or the short form would trip over', () => {
    for (const name of ['', '1a', 'Has_Case', 'a-b', 'a b', 'select', 'order', 'con', 'com1', 'pg_catalog', 'memory', `a${'b'.repeat(63)}`, 'ö']) {
      expect(datasetNameProblem(name), name).not.toBeNull()
    }
  })

  it('let a dataset, but no data type, be called like a zone', () => {
    expect(datasetNameProblem('raw')).toBeNull()
    for (const zone of ZONES) expect(dataTypeNameProblem(zone)).toContain('zone')
  })
})

describe('dataset names', () => {
  it('survive the way to text and back', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/).filter((text) => dataTypeNameProblem(text) === null)
    fc.assert(
      fc.property(name, fc.constantFrom(...ZONES), name, (dataType, zone, dataset) => {
        expect(parseDatasetId(datasetId({ dataType, zone, name: dataset }))).toEqual({ dataType, zone, name: dataset })
      }),
    )
  })

  it('are refused when a part is missing, too many or no zone', () => {
    for (const text of ['drugs', 'drugs.products', 'drugs.gold.products', 'drugs.raw.a.b', 'Drugs.raw.a', '../x.raw.a']) expect(parseDatasetId(text), text).toBeNull()
  })
})

it('quotes whatever text comes', () => {
  expect(quoteIdentifier('a"b')).toBe('"a""b"')
  expect(quoteLiteral("it's")).toBe("'it''s'")
})

it('suggests the name that was meant, and nothing when none is near', () => {
  expect(closestName('prevalnce', ['drugs', 'prevalence'])).toBe('prevalence')
  expect(closestName('zzz', ['drugs', 'prevalence'])).toBeNull()
})

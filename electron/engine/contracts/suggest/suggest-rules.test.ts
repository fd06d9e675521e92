import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVersionFixture, type VersionFixture } from '../../query/version-fixture.ts'
import { profileTable } from './profile-table.ts'
import { patternOf, suggestRules } from './suggest-rules.ts'

let fixture: VersionFixture
beforeAll(async () => {
  fixture = await createVersionFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

describe('rules that data keep', () => {
  it('are suggested with what speaks for them, and never those that are promised already', async () => {
    const source = await fixture.plain(
      { dataType: 'trials', zone: 'curated', name: 'studies' },
      `SELECT 'NCT' || lpad(i::VARCHAR, 8, '0') AS nct_id, ['open', 'closed'][1 + i % 2] AS status, 'd' || i % 7 AS drug_id, i % 13 AS arms, DATE '2020-01-01' + (i % 150)::INTEGER AS began,
         CASE WHEN i % 3 = 0 THEN NULL ELSE 'note ' || i END AS note FROM range(300) t(i)`,
    )
    const drugs = await fixture.plain({ dataType: 'drugs', zone: 'curated', name: 'drugs' }, `SELECT 'd' || i AS drug_id FROM range(9) t(i)`)
    const profile = await profileTable(fixture.duck, { source, keys: [{ source: drugs, column: 'drug_id' }] }, new AbortController().signal)
    const suggested = suggestRules({ profile, columns: source.columns, contract: null, today: '2026-11-28' })
    expect(suggested.map(({ addition, evidence }) => [addition.kind === 'key' ? addition.columns : { [addition.column]: addition.rule }, evidence])).toEqual([
      [['nct_id'], '300 different values in 300 rows, none without'],
      [{ nct_id: { pattern: '[A-Z]{3}[0-9]{8}' } }, 'All 300 values look like AAA99999999'],
      [{ status: 'not_null' }, 'All 300 rows have it'],
      [{ status: { accepted_values: ['closed', 'open'] } }, '2 values: closed 150, open 150'],
      [{ drug_id: 'not_null' }, 'All 300 rows have it'],
      [{ drug_id: { accepted_values: ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6'] } }, expect.stringMatching(/^7 values: d0 43/)],
      [{ drug_id: { relationship: { to: 'drugs.curated.drugs' } } }, 'All 7 values are a drug_id of drugs.curated.drugs'],
      [{ arms: 'not_null' }, 'All 300 rows have it'],
      [{ arms: { range: { min: 0 } } }, 'From 0 to 12'],
      [{ began: 'not_null' }, 'All 300 rows have it'],
      [{ began: { range: { max: 'today' } } }, 'From 2020-01-01 to 2020-05-29'],
      [{ note: 'unique' }, '200 values, none twice'],
    ])
    const contract = { file: '', description: null, key: ['nct_id'], columns: [], checks: [{ kind: 'not_null' as const, column: 'arms', rule: 'not_null(arms)', severity: 'block' as const }] }
    const rest = suggestRules({ profile, columns: source.columns, contract, today: '2026-11-28' })
    expect(rest.some(({ addition }) => addition.kind === 'key' || (addition.column === 'arms' && addition.rule === 'not_null'))).toBe(false)
    expect(suggestRules({ profile: { ...profile, total: 3 }, columns: source.columns, contract: null, today: '2026-11-28' })).toEqual([])
  })

  it('as patterns match every text of their shape', () => {
    fc.assert(fc.property(fc.stringMatching(/^[A-Z0-9.+()[\]-]{1,12}$/), (text) => {
      const shape = text.replaceAll(/[0-9]/g, '9').replaceAll(/[A-Z]/g, 'A')
      expect(new RegExp(`^(?:${patternOf(shape)})$`, 'u').test(text)).toBe(true)
    }))
  })
})

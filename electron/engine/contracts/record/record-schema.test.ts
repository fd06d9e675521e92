import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { toColumn } from '../../../../shared/domain/table-query.ts'
import { exactCast } from '../../etl/casts/exact-cast.ts'
import { createVersionFixture, type VersionFixture } from '../../query/version-fixture.ts'
import { type RowRule, rowCondition } from '../check-sql.ts'
import { exactValue } from './exact-value.ts'
import { recordRule } from './record-rules.ts'
import { recordIssueSchema, recordSchema } from './record-schema.ts'

let fixture: VersionFixture
beforeAll(async () => {
  fixture = await createVersionFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const TYPES = ['VARCHAR', 'TINYINT', 'INTEGER', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DECIMAL(9,2)', 'DECIMAL(38,0)', 'DOUBLE', 'FLOAT', 'DATE', 'BOOLEAN', 'TIMESTAMP'] as const
type Type = (typeof TYPES)[number]

const TEXTS = [
  '', ' ', '0', '-0', '5', '+5', '05', '5.', '5.0', '.5', '.', '-5', '12.50', '12.505', '1e3', '1E-400', '1e400', '127', '128', '2147483648', '9007199254740993', '18446744073709551615', '99999999999999999999999999999999999999',
  'inf', 'NaN', 'true', 'FALSE', 't', 'yes', '1_000', ' 7', '7 ', '2024-02-29', '2023-02-29', '2024-1-5', '2024-01-05', '2024/01/05', '0000-01-01', '9999-12-31', '2024-01-05 10:00:00', 'ann', 'Ann', 'ANN', 'ſ', 'İ', '👩‍👩‍👧', 'é', 'a\nb', 'x"y', "o'k", 'ß',
]
const text = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...TEXTS) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }).filter((one) => !one.includes('\0')) }, { weight: 1, arbitrary: fc.integer({ min: -300, max: 300 }).map(String) })

const bounds = (type: Type): fc.Arbitrary<string | number> => {
  if (type === 'DATE' || type === 'TIMESTAMP') return fc.constantFrom('2024-01-05', '1999-12-31', '2024-02-29')
  if (type === 'VARCHAR') return fc.constantFrom<string | number>('a', 'ann', 'é', '👩', 0, 5, 12.5, -1)
  return fc.constantFrom<string | number>(0, 5, -5, 12.5, '12.50', 127, 9_007_199_254_740_991, '9007199254740993', 3.5)
}
const values = (type: Type): fc.Arbitrary<string | number | boolean> => {
  if (type === 'BOOLEAN') return fc.constantFrom<string | boolean>(true, false, 'true')
  return type === 'VARCHAR' ? fc.constantFrom<string | number | boolean>('ann', 'ß', '', 5, true, '05') : bounds(type)
}

const PIECES = ['a', 'n', '.', '\\d', '\\w', '\\s', '[a-c]', '[^5]', '[[:alpha:]]', '\\pL', '\\p{Greek}', '(?i)ann', '(?i:ss)', '(?i)k', 'é', '👩', '5', '-', '\\.', '(a|n)', '(?:12|7)', '\\b', '^', '$', '\\z', '(?s).', '(?m)^', '\\x{df}', '[\\d.]', '\\n', '"']
const REPEATS = ['', '', '', '*', '+', '?', '{1,2}', '*?']
const pattern = fc.array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(...REPEATS)), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.map(([piece, repeat]) => (/^[\\^$(]/.test(piece) && !/^\\[dwsp.x]|^\((?:a|\?:)/.test(piece) ? piece : piece + repeat)).join(''))

const ruleOf = (type: Type): fc.Arbitrary<RowRule> => {
  const base = { column: 'c', rule: 'r', severity: 'block' as const }
  const length = fc.nat({ max: 4 })
  const kinds: fc.Arbitrary<RowRule>[] = [
    fc.constant({ ...base, kind: 'not_null' }),
    fc.array(values(type), { minLength: 1, maxLength: 8 }).map((list) => ({ ...base, kind: 'accepted_values', values: list })),
    pattern.map((one) => ({ ...base, kind: 'pattern', pattern: one })),
    fc.tuple(length, fc.option(length)).map(([min, more]) => ({ ...base, kind: 'length', min, max: more === null ? null : min + more })),
    ...(type === 'BOOLEAN' ? [] : [fc.tuple(bounds(type), fc.option(bounds(type)), fc.boolean()).filter(([one, other]) => type !== 'VARCHAR' || other === null || typeof one === typeof other).map(([min, max, isFlipped]): RowRule => ({ ...base, kind: 'range', min: isFlipped ? max : min, max: isFlipped ? min : max }))]),
  ]
  return fc.oneof(...kinds)
}

/** What DuckDB says of a text in a column of the type, and of a rule about it; null: the text does not fit. */
async function judgeInSql(given: string | null, type: Type, rule: RowRule | null): Promise<{ shown: string | null; isBroken: boolean } | null> {
  const literal = given === null ? 'NULL::VARCHAR' : quoteLiteral(given)
  const { value, fits } = type === 'VARCHAR' ? { value: (one: string) => one, fits: (one: string) => `(${one} IS NOT NULL)` } : exactCast(type)
  const fails = rule === null ? 'false' : rowCondition(rule, [toColumn('c', type)]).fails
  const [row] = await fixture.duck.rows(
    `SELECT t IS NULL OR ${fits('t', quoteIdentifier('c'))} AS fits, CAST(c AS VARCHAR) AS shown, coalesce(${fails}, false) AS broken FROM (SELECT t, ${value('t')} AS c FROM (SELECT ${literal} AS t))`,
  )
  return row?.['fits'] === true ? { shown: row['shown'] === null ? null : String(row['shown']), isBroken: row['broken'] === true } : null
}

describe('a record judged by its schema', () => {
  it('reads texts as values the way the cast of a source does', async () => {
    let known = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TYPES), text, async (type, given) => {
        const value = exactValue(given, type)
        if (value === 'unknown') return
        known++
        const inSql = await judgeInSql(given, type, null)
        expect([type, given, inSql === null]).toEqual([type, given, value === 'misfit'])
        const shown = value !== 'misfit' && 'shown' in value ? value.shown : inSql?.shown
        expect([type, given, shown]).toEqual([type, given, inSql?.shown])
      }),
      { numRuns: 400 },
    )
    expect(known).toBeGreaterThan(280)
  })

  it('gives the verdict of the same rule in SQL', async () => {
    const seen = { holds: 0, broken: 0, unknown: 0 }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TYPES).chain((type) => fc.tuple(fc.constant(type), ruleOf(type))), fc.option(text, { freq: 12 }), async ([type, rule], given) => {
        const inSql = await judgeInSql(given, type, rule)
        if (inSql === null) return
        const verdict = recordRule(rule, toColumn('c', type))(given)
        seen[verdict]++
        const expected = verdict === 'unknown' ? verdict : inSql.isBroken ? 'broken' : 'holds'
        expect([type, given, rule, verdict]).toEqual([type, given, rule, expected])
      }),
      { numRuns: 600 },
    )
    expect(seen.holds).toBeGreaterThan(50)
    expect(seen.broken).toBeGreaterThan(50)
  })

  it('says which rule is broken and how, of the columns that it gives', () => {
    const columns = [toColumn('id', 'INTEGER'), toColumn('status', 'VARCHAR')]
    const schema = recordSchema(
      [
        { kind: 'not_null', column: 'id', rule: 'not_null(id)', severity: 'block' },
        { kind: 'range', column: 'id', min: 1, max: null, rule: 'range(id)', severity: 'quarantine' },
        { kind: 'accepted_values', column: 'STATUS', values: ['new', 'done'], rule: 'accepted_values(status)', severity: 'block' },
        { kind: 'pattern', column: 'status', pattern: '[a-z]+', rule: 'pattern(status)', severity: 'block' },
        { kind: 'unique', columns: ['id'], rule: 'unique(id)', severity: 'block' },
      ],
      columns,
    )
    const issues = (record: unknown): unknown => schema.safeParse(record).error?.issues.map((issue) => [issue.message, issue.code === 'custom' ? recordIssueSchema.parse(issue.params).rule : issue.code])
    expect(issues({ id: '7', status: 'new' })).toBeUndefined()
    expect(issues({ status: null })).toBeUndefined()
    expect(issues({ id: null })).toEqual([['id is null', 'not_null(id)']])
    expect(issues({ id: 'seven' })).toEqual([['id is "seven", which is no INTEGER', null]])
    expect(issues({ id: '0', status: 'N' })).toEqual([
      ['id is "0", below 1', 'range(id)'],
      ['status is "N", not one of new, done', 'accepted_values(status)'],
      ['status is "N", which does not match [a-z]+', 'pattern(status)'],
    ])
    expect(issues({ price: '1' })).toEqual([['Unrecognized key: "price"', 'unrecognized_keys']])
  })
})

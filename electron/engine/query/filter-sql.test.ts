import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tmpdir } from 'node:os'
import type { Column, Filter } from '../../../shared/domain/table-query.ts'
import { checkCasts } from './check-casts.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { compileFilter } from './filter-sql.ts'

const TABLE = `SELECT * FROM (VALUES
  (1, 1::TINYINT, 0.5::FLOAT, 1.25::DECIMAL(9,2), true, '100%', DATE '2024-01-01', TIMESTAMP '2024-01-01 10:00:00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID, ['x', 'y'], 'a'::ENUM('a', 'b')),
  (2, 2, 0.1, 2.50, false, 'a_b', DATE '2024-01-02', TIMESTAMP '2024-01-02 10:00:00', 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', ['z'], 'b'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 100, 'nan', 9999999.99, true, 'STRASSE ''x''', DATE '1999-12-31', TIMESTAMP '1999-12-31 23:59:59', 'c0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', [], 'b')
) t(id, tiny, f, price, yes, word, day, moment, uuid, list, letter)`

let duck: Duck
let columns: Column[]
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 128, threads: 1, tempDir: tmpdir() })
  columns = await duck.describe(TABLE)
})
afterAll(() => duck[Symbol.dispose]())

async function ids(...filters: Filter[]): Promise<unknown[]> {
  const { where, casts } = compileFilter(filters, columns)
  await checkCasts(duck, casts)
  return (await duck.rows(`SELECT id FROM (${TABLE}) WHERE ${where}`)).map((row) => row['id'])
}

describe('filters', () => {
  it('let everything through when there are none', async () => {
    expect(await ids()).toEqual([1, 2, 3, 4])
  })

  it.each<[string, Filter, number[]]>([
    ['a whole number beyond the range of the column', { column: 'tiny', op: 'lt', value: 300 }, [1, 2, 4]],
    ['a fraction against whole numbers without rounding it', { column: 'tiny', op: 'le', value: 1.5 }, [1]],
    ['more decimals than the column has without rounding them', { column: 'price', op: 'eq', value: '2.504' }, []],
    ['a decimal', { column: 'price', op: 'eq', value: 2.5 }, [2]],
    ['a 32-bit float as it was written', { column: 'f', op: 'eq', value: 0.1 }, [2]],
    ['NaN', { column: 'f', op: 'eq', value: 'NaN' }, [4]],
    ['a boolean', { column: 'yes', op: 'eq', value: 'true' }, [1, 4]],
    ['a boolean that is not', { column: 'yes', op: 'ne', value: true }, [2, 3]],
    ['a date', { column: 'day', op: 'ge', value: '2024-01-01' }, [1, 2]],
    ['a span of time', { column: 'moment', op: 'between', from: '2024-01-01', to: '2024-01-01T23:59:59' }, [1]],
    ['a UUID in capitals', { column: 'uuid', op: 'eq', value: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' }, [1]],
    ['a set of text', { column: 'word', op: 'in', values: ['a_b', '100%', 7] }, [1, 2]],
    ['an empty set', { column: 'word', op: 'in', values: [] }, []],
    ['an enum by its text', { column: 'letter', op: 'eq', value: 'c' }, []],
    ['a percent sign as itself', { column: 'word', op: 'ends_with', value: '%' }, [1]],
    ['an underscore as itself', { column: 'word', op: 'contains', value: '_' }, [2]],
    ['a quote', { column: 'word', op: 'contains', value: "'X'" }, [4]],
    ['text in any case', { column: 'word', op: 'starts_with', value: 'strasse' }, [4]],
    ['the complement of contains, with the missing', { column: 'word', op: 'not_contains', value: 'a' }, [1, 3]],
    ['text in a number', { column: 'price', op: 'contains', value: '.5' }, [2]],
    ['text in a list', { column: 'list', op: 'contains', value: 'y' }, [1]],
    ['a column in another case', { column: 'PRICE', op: 'is_null' }, [3]],
    ['what is there', { column: 'list', op: 'not_null' }, [1, 2, 4]],
  ])('find %s', async (_, filter, expected) => {
    expect(await ids(filter)).toEqual(expected)
  })

  it('must all hold', async () => {
    expect(await ids({ column: 'yes', op: 'eq', value: true }, { column: 'day', op: 'lt', value: '2000-01-01' })).toEqual([4])
  })

  it.each<[Filter, RegExp]>([
    [{ column: 'tiny', op: 'eq', value: '1; DROP TABLE x' }, /"1; DROP TABLE x" does not fit column "tiny" \(TINYINT\)/],
    [{ column: 'yes', op: 'eq', value: 'perhaps' }, /does not fit column "yes"/],
    [{ column: 'day', op: 'eq', value: '31.12.2024' }, /does not fit column "day" \(DATE\)/],
    [{ column: 'uuid', op: 'in', values: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'no'] }, /"no" does not fit/],
    [{ column: 'wrd', op: 'not_null' }, /There is no column "wrd"/],
  ])('refuse %j', async (filter, message) => {
    await expect(ids(filter)).rejects.toThrow(message)
    await expect(ids(filter)).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', hint: expect.stringMatching(/Write|Did you mean "word"/) } })
  })
})

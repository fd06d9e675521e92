import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from './duckdb.ts'
import { findGrainProblems } from './grain-problems.ts'

let duck: Duck
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: '/tmp' })
})
afterAll(() => duck[Symbol.dispose]())

const table = (name: string, columns: string): { dataset: { dataType: string; zone: 'raw'; name: string }; columns: { name: string; type: string }[] } => ({
  dataset: { dataType: 'shop', zone: 'raw', name },
  columns: columns.split(' ').map((column) => ({ name: column, type: column === 'n' ? 'BIGINT' : 'VARCHAR' })),
})
/** `orders` and `visits` have entities, `countries` has none. */
const READS = [table('orders', 'id country n list'), table('visits', 'id country n'), table('countries', 'country name n')]

async function problems(sql: string): Promise<string[]> {
  const [answer] = await findGrainProblems(duck, { statements: [{ id: 'a', sql, dataType: 'shop', key: 'id', reads: READS }] })
  return (answer?.findings ?? []).map(({ message, offset }) => `${offset}: ${message}`)
}

describe('a SELECT may run a few entities at a time', () => {
  it.each([
    'SELECT id, upper(country) AS country FROM raw.orders WHERE n > 3',
    'FROM raw.orders',
    'SELECT * EXCLUDE (n) FROM shop.raw.orders',
    'SELECT o.id, sum(n) AS n FROM raw.orders o GROUP BY o.id HAVING sum(n) > 3',
    'SELECT id, country, count(*) FROM raw.orders GROUP BY ALL',
    'SELECT id, country, count(*) FROM raw.orders GROUP BY 1, 2',
    'SELECT id, country, count(*) FROM raw.orders GROUP BY id, ROLLUP (country)',
    'SELECT id, row_number() OVER (PARTITION BY id ORDER BY n) AS r FROM raw.orders',
    'SELECT id, n FROM raw.orders QUALIFY row_number() OVER (PARTITION BY country, id ORDER BY n) = 1',
    'SELECT DISTINCT id, country FROM raw.orders',
    'SELECT DISTINCT ON (id) id, country FROM raw.orders ORDER BY id, n',
    'SELECT o.id, v.n FROM raw.orders o JOIN raw.visits v ON o.id = v.id AND o.n < v.n',
    'SELECT id, v.n FROM raw.orders LEFT JOIN raw.visits v USING (id)',
    'SELECT id, o.n, v.n AS m FROM raw.orders o FULL JOIN raw.visits v USING (id)',
    'SELECT id, name FROM raw.orders LEFT JOIN raw.countries USING (country)',
    'SELECT o.id, c.name FROM raw.countries c RIGHT JOIN raw.orders o ON c.country = o.country',
    'SELECT id, unnest(string_split(list, \',\')) AS item FROM raw.orders',
    'SELECT id, item FROM raw.orders, unnest(string_split(list, \',\')) AS t(item)',
    'WITH totals AS (SELECT id, sum(n) AS n FROM raw.orders GROUP BY id) SELECT v.id, v.n, t.n AS total FROM raw.visits v JOIN totals t USING (id)',
    'SELECT k AS id FROM (SELECT id AS k, max(n) AS m FROM raw.orders GROUP BY k)',
    'SELECT id, n FROM raw.orders UNION ALL SELECT id, n FROM raw.visits',
    'SELECT id, n FROM raw.orders EXCEPT SELECT id, n FROM raw.visits',
    'SELECT id FROM raw.orders UNION ALL BY NAME SELECT n, id FROM raw.visits',
    'SELECT id FROM raw.orders WHERE id IN (SELECT id FROM raw.visits)',
    'SELECT o.id FROM raw.orders o WHERE NOT EXISTS (SELECT 1 FROM raw.visits v WHERE v.id = o.id)',
    'SELECT o.id, (SELECT max(v.n) FROM raw.visits v WHERE v.id = o.id) AS m FROM raw.orders o',
    'SELECT id, n - (SELECT avg(n) FROM raw.countries) AS above FROM raw.orders',
    'SELECT o.id, v.m FROM raw.orders o, LATERAL (SELECT max(n) AS m FROM raw.visits v WHERE v.id = o.id) v',
    'SELECT id::VARCHAR AS id FROM raw.orders SEMI JOIN raw.visits USING (id)',
    'WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT id, i FROM raw.orders, r',
  ])('%s', async (sql) => {
    expect(await problems(sql)).toEqual([])
  })
})

describe('a SELECT may not, because', () => {
  it.each([
    ['SELECT country FROM raw.orders', 'does not give "id"'],
    ['SELECT lower(id) AS id FROM raw.orders', 'does not give "id"'],
    ['SELECT CAST(id AS BIGINT) AS id FROM raw.orders', 'does not give "id"'],
    ['SELECT * REPLACE (lower(id) AS id) FROM raw.orders', 'does not give "id"'],
    ['SELECT name AS id FROM raw.countries', 'nothing to go by'],
    ['SELECT max(id) AS id FROM raw.orders GROUP BY country', 'GROUP BY puts rows of different entities together'],
    ['SELECT country, count(*) FROM raw.orders GROUP BY ALL', 'GROUP BY ALL'],
    ['SELECT id, country, count(*) FROM raw.orders GROUP BY CUBE (id, country)', 'GROUP BY puts rows of different entities together'],
    ['SELECT max(id) AS id FROM raw.orders', 'max() is over all entities at once'],
    ['SELECT id, rank() OVER (ORDER BY n) AS r FROM raw.orders', 'rank() OVER looks across entities'],
    ['SELECT id FROM raw.orders QUALIFY row_number() OVER (PARTITION BY country) = 1', 'row_number() OVER looks across entities'],
    ['SELECT id FROM raw.orders ORDER BY n LIMIT 10', 'LIMIT counts rows over all entities'],
    ['SELECT DISTINCT ON (country) id FROM raw.orders', 'DISTINCT puts rows'],
    ['SELECT id FROM raw.orders JOIN (SELECT DISTINCT country FROM raw.visits) USING (country)', 'DISTINCT puts rows'],
    ['SELECT o.id FROM raw.orders o JOIN raw.visits v ON o.country = v.country', 'The join brings rows of different entities together'],
    ['SELECT o.id FROM raw.orders o, raw.visits v', 'The join brings rows of different entities together'],
    ['SELECT v.id FROM raw.orders o LEFT JOIN raw.visits v ON o.id = v.id', 'does not give "id"'],
    ['SELECT id, name FROM raw.countries LEFT JOIN raw.orders USING (country)', 'of no entity'],
    ['SELECT id FROM raw.orders FULL JOIN raw.countries USING (country)', 'A full join'],
    ['SELECT id FROM raw.orders UNION SELECT country AS id FROM raw.countries', 'rows that belong to none'],
    ['SELECT id, n FROM raw.orders WHERE n > (SELECT avg(n) FROM raw.orders)', 'avg() is over all entities at once'],
    ['SELECT id FROM raw.orders WHERE country IN (SELECT country FROM raw.visits)', 'A subquery looks at the rows of other entities'],
    ['SELECT id FROM raw.orders TABLESAMPLE 10%', 'A sample is taken over all entities'],
    ['SELECT id FROM raw.orders POSITIONAL JOIN raw.visits', 'positional join'],
    ['SELECT * FROM (PIVOT raw.orders ON country IN (\'a\') USING sum(n))', 'PIVOT'],
  ])('%s', async (sql, expected) => {
    expect((await problems(sql)).join('\n')).toContain(expected)
  })

  it('says where', async () => {
    expect(await problems('SELECT id,\n  sum(n) OVER () AS total\nFROM raw.orders')).toEqual(['13: sum() OVER looks across entities: id is not in its PARTITION BY'])
  })

  it('the key is of two types', async () => {
    const reads = [...READS, { dataset: { dataType: 'shop', zone: 'raw' as const, name: 'numbers' }, columns: [{ name: 'id', type: 'BIGINT' }] }]
    const [answer] = await findGrainProblems(duck, { statements: [{ id: 'a', sql: 'SELECT id FROM raw.orders JOIN raw.numbers USING (id)', dataType: 'shop', key: 'id', reads }] })
    expect(answer?.findings[0]?.message).toBe('The key "id" is VARCHAR in shop.raw.orders but BIGINT in shop.raw.numbers, so it cannot be told which rows are of one entity')
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { openDuck } from '../../query/duckdb.ts'
import { resultColumns } from './result-columns.ts'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'

const schema = z.object({
  title: z.string().nullable(),
  phase: z.enum(['1', '2']),
  sites: z.int(),
  share: z.number().optional(),
  open: z.boolean(),
  since: z.iso.date(),
  seen: z.iso.datetime(),
  tags: z.array(z.string()),
  lead: z.object({ name: z.string(), age: z.int().nullable() }),
  either: z.union([z.string(), z.number()]),
  extra: z.record(z.string(), z.unknown()),
})

it('gives each field of a result the DuckDB type that holds it, the entity key first', () => {
  expect(resultColumns(schema, 'nct_id')).toEqual([
    { name: 'nct_id', type: 'VARCHAR' },
    { name: 'title', type: 'VARCHAR' },
    { name: 'phase', type: 'VARCHAR' },
    { name: 'sites', type: 'BIGINT' },
    { name: 'share', type: 'DOUBLE' },
    { name: 'open', type: 'BOOLEAN' },
    { name: 'since', type: 'DATE' },
    { name: 'seen', type: 'TIMESTAMPTZ' },
    { name: 'tags', type: 'VARCHAR[]' },
    { name: 'lead', type: 'STRUCT("name" VARCHAR, "age" BIGINT)' },
    { name: 'either', type: 'JSON' },
    { name: 'extra', type: 'JSON' },
  ])
})

it('names types that DuckDB reads back without a loss', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'strata-columns-'))
  const row = {
    nct_id: '1', title: null, phase: '2', sites: 9_007_199_254_740_991, share: 0.1, open: true, since: '2024-02-29', seen: '2024-02-29T10:00:00Z',
    tags: ['a', 'b'], lead: { name: 'x', age: null }, either: 'y', extra: { k: [1] },
  }
  expect(schema.safeParse(row).success).toBe(true)
  const file = path.join(dir, 'journal.ndjson')
  await writeFile(file, `${JSON.stringify(row)}\n`)
  const types = resultColumns(schema, 'nct_id').map(({ name, type }) => `"${name}": ${quoteLiteral(type)}`)
  using duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: dir })
  const [read] = await duck.rows(`SELECT sites::VARCHAR AS sites, since::VARCHAR AS since, epoch_ms(seen)::VARCHAR AS seen, tags[2] AS tag, lead.name AS lead, extra::VARCHAR AS extra
    FROM read_json([${quoteLiteral(file)}], format = 'newline_delimited', columns = {${types.join(', ')}})`)
  expect(read).toEqual({ sites: '9007199254740991', since: '2024-02-29', seen: String(Date.parse(row.seen)), tag: 'b', lead: 'x', extra: '{"k":[1]}' })
  await rm(dir, { recursive: true })
})

it('refuses a result that is no object, with what to write instead', () => {
  expect(() => resultColumns(z.string(), 'id')).toThrow(/no z.object/)
})

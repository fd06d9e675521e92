import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVersionFixture, type VersionFixture } from '../../query/version-fixture.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import type { SiftDecision, SiftInput, SiftOutput } from '../../workers/sift.wire.ts'
import type { VersionSource } from '../../workers/version.wire.ts'
import type { CheckSpec } from '../../workspace/model.ts'
import { rowsAsMade } from '../../etl/steps/entity-index.ts'
import { sift } from './sift.ts'

let fixture: VersionFixture
let count = 0
beforeAll(async () => {
  fixture = await createVersionFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

type Row = { id: number; amount: number | null }
const ORDERS = { dataType: 'shop', zone: 'curated' as const, name: 'orders' }
const RULES: CheckSpec[] = [
  { kind: 'not_null', column: 'amount', rule: 'not_null(amount)', severity: 'quarantine' },
  { kind: 'range', column: 'amount', min: 0, max: null, rule: 'range(amount)', severity: 'quarantine' },
  { kind: 'unique', columns: ['id'], rule: 'unique(id)', severity: 'quarantine' },
]

interface Sifted {
  output: SiftOutput
  rows: Record<string, unknown>[]
  rejects: { record_id: string; rule: string; rules: string[]; outcome: string; raw: string }[]
  source: VersionSource
  dir: string
}

async function siftOf(made: VersionSource, decisions: readonly SiftDecision[], options: Partial<SiftInput> = {}): Promise<Sifted> {
  const dir = join(fixture.dir, `sift-${count++}`)
  await mkdir(dir)
  for (const { path } of made.parts) await copyFile(path, join(dir, basename(path)))
  const decisionsFile = join(dir, 'decisions')
  await writeFile(decisionsFile, decisions.map((decision) => `${JSON.stringify(decision)}\n`).join(''))
  const parts = made.parts.map(({ path, rowCount, file }) => ({ name: basename(path), rowCount, file, sizeBytes: 0, sha256: '' }))
  const written = { parts, layout: made.layout, columns: made.columns, rowCount: made.rowCount, contentHash: '' }
  const output = await sift({ dataset: made.dataset, dir, written, rejectsName: null, files: [], rules: RULES, reads: [], variables: [], key: ['id'], orderBy: [], decisionsFile: decisions.length === 0 ? null : decisionsFile, keepsOriginals: true, ...options }, fixture.context)
  const source = { ...made, parts: output.written.parts.map(({ name, rowCount, file }) => ({ path: join(dir, name), rowCount, file })), rowCount: output.written.rowCount }
  const rejects = output.rejectsName === null ? [] : await fixture.duck.rows(`SELECT record_id, rule, rules, outcome, raw FROM ${parquetScan([join(dir, output.rejectsName)])}`)
  return { output, source, dir, rows: await fixture.duck.rows(`FROM (${versionRelation(source)})`), rejects: rejects as Sifted['rejects'] }
}

async function madeOf(rows: readonly Row[]): Promise<VersionSource> {
  const values = rows.map(({ id, amount }) => `(${id}, ${amount ?? 'NULL'}::INTEGER)`)
  return fixture.plain(ORDERS, rows.length === 0 ? 'SELECT 1 AS id, 1 AS amount WHERE false' : `SELECT * FROM (VALUES ${values.join(', ')}) t(id, amount)`)
}

const decision = (id: number, record: string, rest: Partial<SiftDecision>): SiftDecision => ({ id, record, signature: null, kind: 'ignore', fields: {}, was: {}, rules: [], ...rest })
const row = fc.record({ id: fc.integer({ min: 1, max: 8 }), amount: fc.option(fc.integer({ min: -3, max: 9 }), { nil: null }) })
const choice = fc.constantFrom('correct', 'fix id', 'accept', 'ignore', 'nothing')

function decide(made: Sifted, choices: readonly string[]): SiftDecision[] {
  return made.rejects.flatMap(({ record_id: record, rules }, i): SiftDecision[] => {
    switch (choices[i % choices.length]) {
      case 'correct':
        return [decision(i, record, { kind: 'correct', fields: { amount: String(i) } })]
      case 'fix id':
        return [decision(i, record, { kind: 'correct', fields: { id: String(100 + i) } })]
      case 'accept':
        return [decision(i, record, { kind: 'accept', rules })]
      case 'ignore':
        return [decision(i, record, {})]
      default:
        return []
    }
  })
}

const sorted = (rows: readonly Record<string, unknown>[]): string[] => rows.map((one) => JSON.stringify(one)).sort()

// Each case is four runs of a worker's operation; on a busy machine that takes its time.
describe('a sift', { timeout: 120_000 }, () => {
  it('loses nothing and makes nothing up: rows made = kept + quarantined + skipped, whatever was decided', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.array(choice, { minLength: 1, maxLength: 5 }), async (rows, choices) => {
        const made = await madeOf(rows)
        const first = await siftOf(made, [])
        expect(first.rows.length + first.output.quarantined).toBe(rows.length)
        const { output, rejects } = await siftOf(made, decide(first, choices))
        expect(output.written.rowCount + output.quarantined + output.skipped).toBe(rows.length)
        expect(rejects.length).toBe(output.quarantined + output.skipped)
        expect(new Set(rejects.map(({ record_id: id }) => id)).size).toBe(rejects.length)
      }),
      { numRuns: 40 },
    )
  })

  it('keeps no row that breaks a rule, besides those accepted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.array(choice.filter((one) => one !== 'accept'), { minLength: 1, maxLength: 5 }), async (rows, choices) => {
        const made = await madeOf(rows)
        const { rows: kept } = await siftOf(made, decide(await siftOf(made, []), choices))
        expect(kept.every(({ amount }) => amount !== null && Number(amount) >= 0)).toBe(true)
        expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length)
      }),
      { numRuns: 25 },
    )
  })

  it('does not depend on the order of rows and decisions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(row, { maxLength: 10, selector: (one) => JSON.stringify(one) }), fc.array(choice, { minLength: 1, maxLength: 5 }), async (rows, choices) => {
        const made = await madeOf(rows)
        const decisions = decide(await siftOf(made, []), choices)
        const [one, other] = [await siftOf(made, decisions), await siftOf(await madeOf(rows.toReversed()), decisions.toReversed())]
        expect(sorted(other.rows)).toEqual(sorted(one.rows))
        expect(sorted(other.rejects)).toEqual(sorted(one.rejects))
        expect(other.output.written.contentHash).toBe(one.output.written.contentHash)
      }),
      { numRuns: 25 },
    )
  })

  it('can be undone: with its originals put back, the version is as it was made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.array(choice, { minLength: 1, maxLength: 5 }), async (rows, choices) => {
        const made = await madeOf(rows)
        const { output, source, dir } = await siftOf(made, decide(await siftOf(made, []), choices))
        const originals = output.originals === null ? null : { path: join(dir, output.originals.name), replaced: output.originals.replaced }
        expect(sorted(await fixture.duck.rows(rowsAsMade({ source, index: null, originals })))).toEqual(sorted(rows.map(({ id, amount }) => ({ id, amount }))))
      }),
      { numRuns: 25 },
    )
  })

  it('lets the other one in when one of two with the same key is ignored', async () => {
    const made = await madeOf([{ id: 1, amount: 1 }, { id: 1, amount: 2 }, { id: 2, amount: 3 }])
    const { rejects, rows } = await siftOf(made, [])
    expect([rows.length, rejects.length]).toEqual([1, 2])
    const [first] = rejects
    expect((await siftOf(made, [decision(1, first?.record_id ?? '', {})])).rows.length).toBe(2)
  })

  it('does not apply what was decided about other values', async () => {
    const made = await madeOf([{ id: 1, amount: -1 }])
    const [reject] = (await siftOf(made, [])).rejects
    const accepted = decision(1, reject?.record_id ?? '', { kind: 'accept', rules: ['range(amount)'], was: { amount: '-1' } })
    expect((await siftOf(made, [accepted])).rows).toEqual([{ id: 1, amount: -1 }])
    expect((await siftOf(await madeOf([{ id: 1, amount: -2 }]), [accepted])).rows).toEqual([])
  })

  it('takes the rows that a check in SQL gives by the key, and says when it does not give it', async () => {
    const made = await madeOf([{ id: 1, amount: 1 }, { id: 2, amount: 2 }])
    const rule = (sql: string): CheckSpec => ({ kind: 'sql', sql, inputs: ['shop.curated.orders'], rule: 'even', severity: 'quarantine' })
    expect((await siftOf(made, [], { rules: [rule('SELECT * FROM curated.orders WHERE amount % 2 = 0')] })).rows).toEqual([{ id: 1, amount: 1 }])
    await expect(siftOf(made, [], { rules: [rule('SELECT amount FROM curated.orders')] })).rejects.toMatchObject({ problem: { code: 'STEP_FAILED', message: expect.stringContaining('does not give id') } })
  })

  it('takes rows that refer to nothing, and names a rule that cannot be evaluated', async () => {
    const made = await madeOf([{ id: 1, amount: 1 }, { id: 2, amount: 7 }])
    const customers = await fixture.plain({ dataType: 'people', zone: 'curated', name: 'customers' }, 'SELECT 1 AS number')
    const rules: CheckSpec[] = [{ kind: 'relationship', column: 'id', to: 'people.curated.customers', toColumn: 'number', rule: 'relationship(id)', severity: 'quarantine' }]
    expect((await siftOf(made, [], { rules, reads: [customers] })).rows).toEqual([{ id: 1, amount: 1 }])
    await expect(siftOf(made, [], { rules: [{ kind: 'not_null', column: 'price', rule: 'not_null(price)', severity: 'quarantine' }] })).rejects.toMatchObject({ problem: { message: expect.stringContaining('not_null(price) cannot be held against the rows: There is no column "price"') } })
  })
})

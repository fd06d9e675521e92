import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { QuarantineFilter } from '../../../shared/contract/quarantine.contract.ts'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const ORDERS = `id,customer,amount,placed_on
1,ann,10,2026-01-01
2,bob,-5,2026-01-02
3,,7,2026-01-03
4,dan,oops,2026-01-04
5,eve,8,2026-01-05
5,eva,9,2026-01-05
6,fay,3,soon
`

const FILES: Record<string, string> = {
  'strata.yaml': 'name: shop\n',
  'inbox/orders.csv': ORDERS,
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders:\n    files: inbox/orders.csv\n    columns: { id: INTEGER, amount: INTEGER, placed_on: DATE }\n',
  'pipelines/shop/raw/orders.yaml': 'columns:\n  customer:\n    rules: [{ not_null: { severity: quarantine } }]\n',
  'pipelines/shop/curated/orders.sql': 'SELECT id, customer, amount FROM raw.orders',
  'pipelines/shop/curated/orders.yaml': 'key: id\ncolumns:\n  id:\n    rules: [{ unique: { severity: quarantine } }]\n  amount:\n    rules: [{ range: { min: 0, severity: quarantine } }]\n',
  'pipelines/shop/results/totals.sql': 'SELECT count(*)::INTEGER AS orders, sum(amount)::INTEGER AS amount FROM curated.orders',
}

let shop: TestWorkspace
beforeEach(async () => {
  shop = await openTestWorkspace({ files: FILES })
})
afterEach(() => shop[Symbol.asyncDispose]())

const command = () => ({ commandId: randomUUID() })
async function open(dataset?: string) {
  return (await shop.client.quarantine.list({ states: ['open'], ...(dataset === undefined ? {} : { dataset }) })).records
}
async function idOf(reason: RegExp): Promise<string> {
  const found = (await shop.client.quarantine.list({})).records.find((record) => reason.test(record.reason))
  if (found === undefined) throw new Error(`no record with ${String(reason)}`)
  return found.id
}
async function rerun() {
  const { runs } = await shop.client.quarantine.rerun(command())
  for (const { run } of runs) await ended(shop, run.runNumber)
  return runs
}
async function ended({ client }: TestWorkspace, runNumber: number): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run: { dataType: 'shop', runNumber } })
    if (FINISHED_RUN_STATES.has(detail.run.state)) return detail
    for await (const _ of await client.runs.events({ afterSeq: detail.seq })) break
  }
}

describe('a rule with severity quarantine', () => {
  it('takes the rows out before anybody reads them, and the counts add up', async () => {
    const { run, steps, checks, deliveries } = await shop.run('shop')
    expect(run.state).toBe('succeeded')
    expect(deliveries).toMatchObject([{ records: 7, loaded: 4, quarantined: 3, skipped: 0 }])
    expect(steps.map(({ dataset, rowsOut, quarantined }) => [dataset, rowsOut, quarantined])).toEqual([['shop.raw.orders', 4, 3], ['shop.curated.orders', 1, 3], ['shop.results.totals', 1, 0]])
    expect(await shop.rows('shop.results.totals')).toEqual([{ orders: 1, amount: 10 }])
    expect((await shop.client.quarantine.accounts({})).accounts).toMatchObject([
      { dataset: 'shop.curated.orders', isDelivered: false, versions: [{ records: 4, loaded: 1, quarantined: 3, skipped: 0 }] },
      { dataset: 'shop.raw.orders', isDelivered: true, versions: [{ version: 1, runNumber: 1, records: 7, loaded: 4, quarantined: 3, skipped: 0 }] },
      { dataset: 'shop.results.totals', isDelivered: false, versions: [{ records: 1, loaded: 1, quarantined: 0, skipped: 0 }] },
    ])
    expect(checks.filter(({ severity }) => severity === 'quarantine').map(({ rule, passed, failingRows, message }) => [rule, passed, failingRows, message])).toEqual([
      ['not_null(customer)', false, 1, '1 of 7 rows breaks the rule and is in quarantine'],
      ['unique(id)', false, 2, '2 of 4 rows break the rule and are in quarantine'],
      ['range(amount)', false, 1, '1 of 4 rows breaks the rule and is in quarantine'],
    ])
    expect((await open()).map(({ dataset, rule, column, value, file, record, line, reason, firstRun }) => [dataset, rule, column, value, file, record, line, reason.split('\n')[0], firstRun])).toEqual([
      ['shop.raw.orders', 'not_null(customer)', 'customer', null, 'orders.csv', 3, null, 'customer is null', 1],
      ['shop.raw.orders', null, 'amount', null, 'orders.csv', 4, 5, expect.stringContaining('oops'), 1],
      ['shop.raw.orders', null, 'placed_on', null, 'orders.csv', 7, 8, expect.stringContaining('soon'), 1],
      ['shop.curated.orders', 'range(amount)', 'amount', '-5', null, null, null, 'amount is "-5", below 0', 1],
      ['shop.curated.orders', 'unique(id)', 'id', '5', null, null, null, 'id is "5", which occurs in more than one row', 1],
      ['shop.curated.orders', 'unique(id)', 'id', '5', null, null, null, 'id is "5", which occurs in more than one row', 1],
    ])
    // Ordinals stay those of the file around what was taken out.
    expect((await shop.rows('shop.raw.orders')).map((row) => [row['id'], Number(row['_record'])])).toEqual([[1, 1], [2, 2], [5, 5], [5, 6]])
  })
})

describe('decisions', () => {
  it('are replayed by the next run, which goes on under the same number and does only what they touch', async () => {
    await shop.run('shop')
    await shop.client.quarantine.correct({ ...command(), id: await idOf(/oops/), fields: { amount: '4' }, reason: 'A typing mistake' })
    await shop.client.quarantine.correct({ ...command(), id: await idOf(/customer is null/), fields: { customer: 'cat' }, reason: 'Asked the shop' })
    await shop.client.quarantine.accept({ ...command(), target: { records: [await idOf(/below 0/)] }, reason: 'A refund' })
    await shop.client.quarantine.ignore({ ...command(), target: { records: [await idOf(/soon/)] }, reason: 'Never placed' })
    expect((await shop.client.quarantine.queues()).queues.map(({ dataset, open: left, waiting }) => [dataset, left, waiting])).toEqual([['shop.curated.orders', 2, 1], ['shop.raw.orders', 0, 3]])
    expect(await rerun()).toMatchObject([{ run: { runNumber: 1 }, resumed: true }])
    expect((await shop.rows('shop.raw.orders')).map((row) => [row['id'], row['customer'], row['amount'], Number(row['_record'])])).toEqual([
      [1, 'ann', 10, 1], [2, 'bob', -5, 2], [3, 'cat', 7, 3], [4, 'dan', 4, 4], [5, 'eve', 8, 5], [5, 'eva', 9, 6],
    ])
    expect(await shop.rows('shop.results.totals')).toEqual([{ orders: 4, amount: 16 }])
    const { deliveries } = await shop.client.runs.get({ run: { dataType: 'shop', runNumber: 1 } })
    expect(deliveries).toMatchObject([{ records: 7, loaded: 6, quarantined: 0, skipped: 1 }])
    const [account] = (await shop.client.quarantine.accounts({ dataset: 'shop.raw.orders', versions: 12 })).accounts
    expect(account?.versions).toMatchObject([{ version: 2, records: 7, loaded: 6, quarantined: 0, skipped: 1 }, { version: 1, records: 7, loaded: 4, quarantined: 3, skipped: 0 }])
    expect((await open()).map(({ rule }) => rule)).toEqual(['unique(id)', 'unique(id)'])
    expect((await shop.client.quarantine.list({ states: ['corrected', 'accepted', 'ignored'] })).records.map(({ state, waits }) => [state, waits])).toEqual([
      ['corrected', false], ['corrected', false], ['ignored', false], ['accepted', false],
    ])
  })

  it('are not kept with a value that is none, or that the contract forbids, and say so at once', async () => {
    await shop.run('shop')
    const [oops, refund] = [await idOf(/oops/), await idOf(/below 0/)]
    const correct = (id: string, amount: string, anyway = false) => shop.client.quarantine.correct({ ...command(), id, fields: { amount }, reason: 'By ear', anyway })
    expect(await shop.client.quarantine.judge({ id: refund, fields: { amount: '-4' } })).toEqual({ issues: [{ column: 'amount', rule: 'range(amount)', message: 'amount is "-4", below 0' }] })
    expect(await shop.client.quarantine.judge({ id: refund, fields: { amount: '4' } })).toEqual({ issues: [] })
    await expect(correct(oops, 'four', true)).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'The correction is wrong: amount is "four", which is no INTEGER' })
    await expect(correct(oops, '4.5', true)).rejects.toMatchObject({ message: expect.stringContaining('is no INTEGER') })
    await expect(correct(refund, '-4')).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'The correction is wrong: amount is "-4", below 0', data: { hint: expect.stringContaining('range(amount)') } })
    expect((await shop.client.quarantine.show({ id: refund })).record).toMatchObject({ state: 'open', decision: null })
    // A broken rule can be accepted afterwards.
    await correct(refund, '-4', true)
    await rerun()
    expect((await shop.client.quarantine.show({ id: refund })).record).toMatchObject({ state: 'open', reason: 'amount is "-4", below 0', decision: { kind: 'correct' } })
    await shop.client.quarantine.accept({ ...command(), target: { records: [refund] }, reason: 'A refund, of four' })
    await rerun()
    expect(await shop.rows('shop.curated.orders')).toContainEqual({ id: 2, customer: 'bob', amount: -4 })
  })

  it('about one record go before one about all, also when all are let in', async () => {
    await shop.run('shop')
    const twice = (await open('shop.curated.orders')).filter(({ rule }) => rule === 'unique(id)')
    await shop.client.quarantine.correct({ ...command(), id: twice[0]?.id ?? '', fields: { amount: '80' }, reason: 'Misread' })
    await shop.client.quarantine.ignore({ ...command(), target: { records: [twice[1]?.id ?? ''] }, reason: 'A copy' })
    await shop.client.quarantine.accept({ ...command(), target: { dataset: 'shop.curated.orders', signature: 'unique(id)' }, reason: 'Both hold' })
    await rerun()
    const fives = (await shop.rows('shop.curated.orders')).filter(({ id }) => id === 5)
    expect(fives.map(({ amount }) => amount)).toEqual([80])
  })

  it('let a row in that breaks two rules once both are accepted, one after the other', async () => {
    await writeFile(join(shop.dir, 'inbox/orders.csv'), 'id,customer,amount,placed_on\n1,ann,-1,2026-01-01\n1,ann,2,2026-01-01\n')
    await shop.run('shop')
    const target = async () => ({ records: (await open('shop.curated.orders')).map(({ id }) => id) })
    await shop.client.quarantine.accept({ ...command(), target: await target(), reason: 'They hold' })
    await rerun()
    expect((await open('shop.curated.orders')).map(({ rule }) => rule)).toEqual(['range(amount)'])
    await shop.client.quarantine.accept({ ...command(), target: await target(), reason: 'A refund' })
    await rerun()
    expect(await shop.rows('shop.curated.orders')).toHaveLength(2)
  })

  it('can be taken back, and everything is as it was', async () => {
    await shop.run('shop')
    const before = await shop.rows('shop.results.totals')
    const id = await idOf(/below 0/)
    await shop.client.quarantine.accept({ ...command(), target: { records: [id] }, reason: 'A refund' })
    await rerun()
    expect(await shop.rows('shop.results.totals')).not.toEqual(before)
    await shop.client.quarantine.undo({ ...command(), target: { records: [id] } })
    expect((await shop.client.quarantine.show({ id })).record).toMatchObject({ state: 'open', waits: true, decision: null })
    await rerun()
    expect(await shop.rows('shop.results.totals')).toEqual(before)
    expect((await shop.client.quarantine.show({ id })).record).toMatchObject({ state: 'open', waits: false })
    const { entries } = await shop.client.audit.list({ target: 'shop.curated.orders' })
    expect(entries.map(({ action }) => action)).toEqual(['quarantine_undo', 'quarantine_accept'])
  })

  it('about all with one reason hold for what comes later, too', async () => {
    await shop.run('shop')
    await shop.client.quarantine.ignore({ ...command(), target: { dataset: 'shop.curated.orders', signature: 'unique(id)' }, reason: 'Doubled by the till' })
    await rerun()
    const { records } = await shop.client.quarantine.list({ dataset: 'shop.curated.orders', states: ['ignored'] })
    expect(records.map(({ decision }) => decision?.forAll)).toEqual([true, true])
    await expect(shop.client.quarantine.undo({ ...command(), target: { records: [records[0]?.id ?? ''] } })).rejects.toMatchObject({ message: expect.stringContaining('decided together') })
  })

  it('about all with one reason take the place of one before, also of records that it let in', async () => {
    await shop.run('shop')
    const all = { target: { dataset: 'shop.curated.orders', signature: 'unique(id)' }, reason: 'Both hold' }
    await shop.client.quarantine.accept({ ...command(), ...all })
    await rerun()
    expect(await shop.rows('shop.curated.orders')).toHaveLength(3)
    expect(await shop.client.quarantine.ignore({ ...command(), ...all })).toEqual({ changed: 2 })
    const shown = async (): Promise<unknown[]> => (await shop.client.quarantine.list({ dataset: 'shop.curated.orders', states: ['ignored'] })).records.map(({ state, waits, decision }) => [state, waits, decision?.kind])
    expect(await shown()).toEqual([['ignored', true, 'ignore'], ['ignored', true, 'ignore']])
    await rerun()
    expect(await shown()).toEqual([['ignored', false, 'ignore'], ['ignored', false, 'ignore']])
    expect(await shop.rows('shop.curated.orders')).toHaveLength(1)
  })

  it('cannot let in what is no row', async () => {
    await shop.run('shop')
    await expect(shop.client.quarantine.accept({ ...command(), target: { records: [await idOf(/oops/)] }, reason: 'Why not' })).rejects.toMatchObject({ message: expect.stringContaining('could not be read') })
  })
})

describe('a limit', () => {
  it('of a source lists its records all the same, so that the run can go on once somebody has dealt with them', async () => {
    await using strict = await openTestWorkspace({ files: { ...FILES, 'pipelines/shop/pipeline.yaml': `${FILES['pipelines/shop/pipeline.yaml']}    tolerate: 1\n` } })
    const { run } = await strict.run('shop')
    expect(run).toMatchObject({ state: 'failed', summary: expect.stringContaining('3 of 7 records of orders are in quarantine, more than the source tolerates. The first: orders.csv, record 3: customer is null') })
    const { records } = await strict.client.quarantine.list({})
    await strict.client.quarantine.ignore({ ...command(), target: { records: records.slice(1).map(({ id }) => id) }, reason: 'Not worth it' })
    expect((await strict.client.quarantine.rerun(command())).runs).toMatchObject([{ run: { runNumber: 1 }, resumed: true }])
    expect((await ended(strict, 1)).deliveries).toMatchObject([{ records: 7, loaded: 4, quarantined: 1, skipped: 2 }])
  })

  it('of a contract keeps a run from being published', async () => {
    const contract = 'pipelines/shop/curated/orders.yaml'
    await using strict = await openTestWorkspace({ files: { ...FILES, [contract]: `${FILES[contract]}quarantine: { max: 50% }\n` } })
    const { run, checks } = await strict.run('shop')
    expect(run.state).toBe('failed')
    expect(checks.find(({ rule }) => rule === 'quarantine')).toMatchObject({ severity: 'block', passed: false, message: '3 of 4 rows are in quarantine, more than the 50% allowed' })
  })
})

describe('the queue', () => {
  it('puts records together by reason, and finds them by text, state and run', async () => {
    await shop.run('shop')
    const { groups } = await shop.client.quarantine.groups({})
    expect(groups.map(({ dataset, rule, count, open: left, firstRun, lastRun }) => [dataset, rule, count, left, firstRun, lastRun])).toEqual([
      ['shop.curated.orders', 'unique(id)', 2, 2, 1, 1], ['shop.curated.orders', 'range(amount)', 1, 1, 1, 1],
      ['shop.raw.orders', null, 1, 1, 1, 1], ['shop.raw.orders', 'not_null(customer)', 1, 1, 1, 1], ['shop.raw.orders', null, 1, 1, 1, 1],
    ])
    const count = async (filter: QuarantineFilter): Promise<number> => (await shop.client.quarantine.list(filter)).total
    expect([await count({ text: 'OOPS' }), await count({ states: ['ignored'] }), await count({ run: { dataType: 'shop', runNumber: 1 } }), await count({ run: { dataType: 'shop', runNumber: 2 } })]).toEqual([1, 0, 6, 0])
  })
})

describe('a record', () => {
  it('is shown in its file, cut into the fields that it would have', async () => {
    await shop.run('shop')
    const { lines, fields, raw } = await shop.client.quarantine.show({ id: await idOf(/oops/) })
    expect(raw).toBe('4,dan,oops,2026-01-04')
    expect(lines.find(({ isRecord }) => isRecord)).toEqual({ number: 5, text: '4,dan,oops,2026-01-04', isRecord: true })
    expect(fields.map(({ column, value }) => [column, value])).toEqual([['id', '4'], ['customer', 'dan'], ['amount', 'oops'], ['placed_on', '2026-01-04']])
  })
})

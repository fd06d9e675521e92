import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ViewDefinition } from '../../../shared/contract/views.contract.ts'
import { readProblem } from '../read-problem.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await openTestWorkspace({
    files: {
      'strata.yaml': 'name: shop\nlimits: { memory: 1GB, threads: 2 }\n',
      'inbox/orders.csv': 'id,customer,amount\n1,Ada,10.5\n2,Grace,20\n3,Ada,\n',
      'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/orders.csv }\n',
    },
  })
  await workspace.run('shop')
})
afterAll(() => workspace[Symbol.asyncDispose]())

const VIEW: ViewDefinition = {
  dataset: 'shop.raw.orders',
  query: { sort: [{ column: 'amount', direction: 'desc' }], filter: [{ column: 'customer', op: 'in', values: ['Ada'] }, { op: 'expression', sql: 'amount IS NULL' }] },
  layout: { order: ['amount', 'id'], hidden: ['_file'], pinned: null, widths: { id: 90 }, formats: { amount: { kind: 'number', style: 'grouped', decimals: 2 } }, groups: { id: 'Who', customer: 'Who' } },
}

const save = (name: string, view = VIEW, replace = false) => workspace.client.views.save({ commandId: randomUUID(), name, view, replace })

async function problemOf(work: Promise<unknown>): Promise<{ code: string; hint: string | null }> {
  return work.then(() => Promise.reject(new Error('It went well')), (error: unknown) => readProblem(error))
}

describe('a saved view', () => {
  it('is a file of the workspace that says all that was arranged, and is listed by its dataset', async () => {
    expect(await save('Open orders')).toMatchObject({ ...VIEW, name: 'Open orders', file: 'views/Open orders.json' })
    expect(JSON.parse(await readFile(join(workspace.dir, 'views/Open orders.json'), 'utf8'))).toEqual(VIEW)
    expect((await workspace.client.views.list({ dataset: 'shop.raw.orders' })).views).toMatchObject([{ name: 'Open orders' }])
    expect((await workspace.client.views.list({ dataset: 'shop.curated.other' })).views).toEqual([])
  })

  it('is not lost to another of its name unless that is said', async () => {
    const other = { ...VIEW, query: { sort: [], filter: [] } }
    expect(await problemOf(save('Open orders', other))).toMatchObject({ code: 'CONFLICT' })
    expect((await save('Open orders', other, true)).query.filter).toEqual([])
    expect((await save('Open orders', VIEW, true)).query).toEqual(VIEW.query)
  })

  it('is renamed and removed, each recorded in the audit trail', async () => {
    await save('Second')
    expect(await problemOf(workspace.client.views.rename({ commandId: randomUUID(), name: 'Second', to: 'Open orders' }))).toMatchObject({ code: 'CONFLICT' })
    expect(await problemOf(workspace.client.views.rename({ commandId: randomUUID(), name: 'None', to: 'Some' }))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await workspace.client.views.rename({ commandId: randomUUID(), name: 'Second', to: 'Third' })).toMatchObject({ name: 'Third', query: VIEW.query })
    expect((await workspace.client.views.list()).views.map(({ name }) => name)).toEqual(['Open orders', 'Third'])
    expect(await workspace.client.views.remove({ commandId: randomUUID(), name: 'Third' })).toEqual({ isRemoved: true })
    expect(await workspace.client.views.remove({ commandId: randomUUID(), name: 'Third' })).toEqual({ isRemoved: false })
    const { entries } = await workspace.client.audit.list({ limit: 20 })
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['save-view', 'rename-view', 'remove-view']))
  })

  it('answers a repeated command as the first time', async () => {
    const command = { commandId: randomUUID(), name: 'Once', view: VIEW, replace: false }
    const first = await workspace.client.views.save(command)
    expect(await workspace.client.views.save(command)).toEqual(first)
    await workspace.client.views.remove({ commandId: randomUUID(), name: 'Once' })
  })

  it('never leads out of its folder', async () => {
    for (const name of ['../x', 'a/b', '.hidden', 'x.json', '']) expect((await problemOf(save(name))).code).toBe('BAD_INPUT')
  })
})

it('names files in the folder that are no view, and why', async () => {
  await mkdir(join(workspace.dir, 'views'), { recursive: true })
  await writeFile(join(workspace.dir, 'views/Broken.json'), '{ "dataset": "shop.raw.orders" ')
  await writeFile(join(workspace.dir, 'views/Other.json'), '{ "dataset": 7 }')
  const { unreadable, views } = await workspace.client.views.list()
  expect(unreadable).toMatchObject([{ file: 'views/Broken.json', reason: expect.stringMatching(/JSON/) }, { file: 'views/Other.json', reason: expect.stringMatching(/dataset/) }])
  expect(views.map(({ name }) => name)).toEqual(['Open orders'])
})

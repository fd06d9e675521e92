import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { SavedSource } from '../../../shared/contract/ingest.contract.ts'
import { withTables } from '../../../shared/domain/nested-tables.ts'
import { frameOf } from '../../../shared/domain/source-declaration.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const outside: string[] = []
afterEach(async () => {
  for (const dir of outside.splice(0)) await rm(dir, { recursive: true })
})

async function deliver(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'strata-delivery-'))
  outside.push(dir)
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
  return dir
}

async function save({ client }: TestWorkspace, path: string, source: string): Promise<SavedSource> {
  const { sources } = await client.ingest.sniff({ paths: [path] })
  const [guess] = sources
  if (guess === undefined) throw new Error('nothing was found')
  return client.ingest.save({ commandId: randomUUID(), dataType: 'shop', source, paths: guess.files, declaration: guess.declaration, step: { columns: guess.columns } })
}

const EMPTY = { 'strata.yaml': 'name: shop\n' }
const ORDERS = 'Order No,Day,Price\n007,"Jul 13, 2026","1,50"\n008,"Aug 1, 2026","20,00"\n'

describe('ingest', { timeout: 60_000 }, () => {
  it('makes a data type, its source, a first step and a contract of a file, and a run loads every record', async () => {
    await using workspace = await openTestWorkspace({ files: EMPTY })
    const dir = await deliver({ 'orders.csv': ORDERS })
    const saved = await save(workspace, join(dir, 'orders.csv'), 'orders')
    expect(saved).toMatchObject({ dataset: 'shop.raw.orders', isNewDataType: true, isNewSource: true, files: [{ how: 'copied', to: 'inbox/shop/orders.csv' }], isNothingNew: false })
    expect((await workspace.client.workspace.check()).findings).toEqual([])
    const { run, deliveries } = await workspace.run('shop')
    expect(run.state).toBe('succeeded')
    expect(deliveries).toMatchObject([{ records: 2, loaded: 2, quarantined: 0, skipped: 0 }])
    expect(await workspace.rows('shop.preprocessed.orders')).toEqual([
      { order_no: '007', day: '2026-07-13', price: 1.5 },
      { order_no: '008', day: '2026-08-01', price: 20 },
    ])
    const { entries } = await workspace.client.audit.list({ action: 'ingest' })
    expect(entries).toMatchObject([{ action: 'ingest', target: 'shop.raw.orders' }])
  })

  it('makes tables of lists inside JSON and XML records, which come alone or in lists, wrapped or not, and reads every one of them', async () => {
    const patients = [
      { id: 'p1', who: { name: 'Ada' }, visits: [{ visit: { day: '2026-01-02', ward: { code: '03' } } }, { visit: { day: '2026-01-05' } }], notes: ['a'] },
      { id: 'p2', who: { name: 'Bo' }, visits: { visit: [{ day: '2026-02-01' }] } },
      { id: 'p3', who: {} },
    ]
    const xml = '<all><p id="p1"><drug dose="1"/><drug dose="2"/></p><p id="p2"><drug dose="3"/></p></all>'
    await using workspace = await openTestWorkspace({ files: EMPTY })
    const dir = await deliver({ 'patients.json': JSON.stringify(patients), 'given.xml': xml })
    for (const [file, source] of [['patients.json', 'patients'], ['given.xml', 'given']] as const) {
      const paths = [join(dir, file)]
      const [first] = (await workspace.client.ingest.sniff({ paths })).sources
      if (first?.nested === null || first === undefined) throw new Error('nothing nested was found')
      const declaration = withTables(frameOf(first.declaration), first.nested, first.nested.tables.map(({ name }) => name))
      const [again] = (await workspace.client.ingest.sniff({ paths, declaration })).sources
      if (again === undefined) throw new Error('nothing was found')
      expect(again.nested).toBeNull()
      const saved = await workspace.client.ingest.save({ commandId: randomUUID(), dataType: 'shop', source, paths, declaration: again.declaration, step: { columns: again.columns } })
      expect(saved.tables).toEqual(source === 'patients' ? ['shop.raw.patients_visits'] : ['shop.raw.given_drug'])
    }
    const { run } = await workspace.run('shop')
    expect(run).toMatchObject({ state: 'succeeded', problem: null })
    expect(await workspace.rows('shop.preprocessed.patients')).toEqual([{ id: 'p1', who_name: 'Ada', notes: ['a'] }, { id: 'p2', who_name: 'Bo', notes: null }, { id: 'p3', who_name: null, notes: null }])
    const visits = await workspace.rows('shop.raw.patients_visits')
    expect(visits.map(({ parent_record, id, day, ward_code }) => [parent_record, id, day, ward_code])).toEqual([['1', 'p1', '2026-01-02', '03'], ['1', 'p1', '2026-01-05', null], ['2', 'p2', '2026-02-01', null]])
    expect((await workspace.rows('shop.raw.given_drug')).map(({ id, dose }) => [id, dose])).toEqual([['p1', '1'], ['p1', '2'], ['p2', '3']])
  })

  it('says what a source that is there declares, keeps it, or changes how it is read and leaves the rest', async () => {
    const pipeline = 'sources:\n  orders: { files: inbox/orders.csv, format: csv, delimiter: ";", encoding: windows-1252, drift: block }\n'
    await using workspace = await openTestWorkspace({ files: { ...EMPTY, 'pipelines/shop/pipeline.yaml': pipeline, 'inbox/orders.csv': 'id;name\n1;ann\n' } })
    const dir = await deliver({ 'more.csv': 'id,name\n2,bob\n' })
    const request = { commandId: randomUUID(), dataType: 'shop', source: 'orders', paths: [join(dir, 'more.csv')], declaration: { format: 'csv', delimiter: ',' } }
    const kept = await workspace.client.ingest.save({ ...request, dryRun: true })
    expect(kept).toMatchObject({ isNewSource: false, declares: { format: 'csv', delimiter: ';', encoding: 'windows-1252', drift: 'block' }, written: [{ path: 'pipelines/shop/pipeline.yaml', before: pipeline }] })
    expect(kept.written[0]?.text).toContain('delimiter: ";"')
    const changed = await workspace.client.ingest.save({ ...request, commandId: randomUUID(), reading: 'change' })
    expect(await readFile(join(workspace.dir, 'pipelines/shop/pipeline.yaml'), 'utf8')).toBe(changed.written[0]?.text)
    expect(changed.written[0]?.text).toContain('drift: block')
    expect(changed.written[0]?.text).not.toContain('windows-1252')
    expect((await workspace.client.workspace.check()).findings).toEqual([])
  })

  it('keeps what people wrote in pipeline.yaml, comments too', async () => {
    const pipeline = '# Ours.\nlabel: Shop # the one at the corner\nsources:\n  # From the till.\n  sales:\n    files: inbox/sales.csv\n'
    await using workspace = await openTestWorkspace({ files: { ...EMPTY, 'pipelines/shop/pipeline.yaml': pipeline, 'inbox/sales.csv': 'a\n1\n' } })
    await save(workspace, join(await deliver({ 'orders.csv': ORDERS }), 'orders.csv'), 'orders')
    const text = await readFile(join(workspace.dir, 'pipelines/shop/pipeline.yaml'), 'utf8')
    expect(text.startsWith(pipeline)).toBe(true)
    expect(text).toContain('  orders:\n    files: inbox/shop/orders.csv\n')
  })

  it('records the same content that comes again, and reads it once', async () => {
    await using workspace = await openTestWorkspace({ files: EMPTY })
    const dir = await deliver({ 'orders.csv': ORDERS, 'copy of orders.csv': ORDERS, 'more.csv': 'Order No,Day,Price\n009,"Jul 2, 2026","3,00"\n' })
    await save(workspace, join(dir, 'orders.csv'), 'orders')
    // Before the first run it waits in the inbox, after it in a version: known either way.
    expect(await save(workspace, join(dir, 'copy of orders.csv'), 'orders')).toMatchObject({ isNothingNew: true, files: [{ how: 'again', sameAs: 'orders.csv' }] })
    await workspace.run('shop')
    expect(await save(workspace, join(dir, 'copy of orders.csv'), 'orders')).toMatchObject({ isNothingNew: true, written: [] })
    expect(await save(workspace, join(dir, 'more.csv'), 'orders')).toMatchObject({ isNothingNew: false, isNewSource: false, files: [{ how: 'copied', to: 'inbox/shop/more.csv' }] })
    const { deliveries } = await workspace.run('shop')
    expect(deliveries.map(({ fileName, loaded }) => [fileName, loaded])).toEqual([['more.csv', 1], ['orders.csv', 2]])
    const came = await workspace.client.deliveries.list({ dataset: 'shop.raw.orders' })
    expect(came.deliveries.map(({ fileName, kind, sameAs, loaded }) => [fileName, kind, sameAs, loaded].join(' ')).toSorted()).toEqual([
      'copy of orders.csv again orders.csv ', 'copy of orders.csv again orders.csv ', 'more.csv delivered  1', 'orders.csv delivered  2',
    ])
  })

  it('counts a second file of the same content in the inbox, and does not load it twice', async () => {
    const pipeline = 'sources:\n  orders:\n    files: inbox/shop\n    format: csv\n'
    await using workspace = await openTestWorkspace({ files: { ...EMPTY, 'pipelines/shop/pipeline.yaml': pipeline, 'inbox/shop/a.csv': 'id\n1\n2\n', 'inbox/shop/b.csv': 'id\n1\n2\n', 'inbox/shop/c.csv': 'id\n3\n4\n' } })
    const { deliveries } = await workspace.run('shop')
    expect(deliveries.map(({ fileName, records, loaded, skipped, sameAs }) => ({ fileName, records, loaded, skipped, sameAs }))).toEqual([
      { fileName: 'a.csv', records: 2, loaded: 2, skipped: 0, sameAs: null },
      { fileName: 'b.csv', records: 2, loaded: 0, skipped: 2, sameAs: 'a.csv' },
      { fileName: 'c.csv', records: 2, loaded: 2, skipped: 0, sameAs: null },
    ])
    expect((await workspace.rows('shop.raw.orders')).map((row) => row['id'])).toEqual(['1', '2', '3', '4'])
  })

  it('does nothing twice for one command, and nothing at all on trial', async () => {
    await using workspace = await openTestWorkspace({ files: EMPTY })
    const path = join(await deliver({ 'orders.csv': ORDERS }), 'orders.csv')
    const request = { commandId: randomUUID(), dataType: 'shop', source: 'orders', paths: [path], declaration: { format: 'csv', delimiter: 'comma' } }
    const trial = await workspace.client.ingest.save({ ...request, dryRun: true })
    expect(trial.written.map((file) => file.path)).toEqual(['pipelines/shop/pipeline.yaml'])
    await expect(readFile(join(workspace.dir, 'pipelines/shop/pipeline.yaml'))).rejects.toThrow()
    const first = await workspace.client.ingest.save(request)
    expect(await workspace.client.ingest.save(request)).toEqual(first)
    expect((await workspace.client.audit.list({ action: 'ingest' })).entries).toHaveLength(1)
  })
})

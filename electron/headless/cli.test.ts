import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

// The built program as people and scripts start it: what it prints, where, and how it ends.

const CLI = fileURLToPath(new URL('../../dist/headless/cli.js', import.meta.url))

// Node warns when both are there.
const { FORCE_COLOR: _color, ...inherited } = process.env
const PLAIN_ENV = { ...inherited, NO_COLOR: '1' }

interface Ended {
  code: number | null
  out: string
  err: string
}

let base: string
let shop: string

function start(args: string[], cwd = shop): { child: ChildProcess; ended: Promise<Ended>; until(text: string): Promise<void> } {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: PLAIN_ENV, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  const waiting = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    for (const look of waiting) look()
  })
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err }))),
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (out.includes(text) && resolve())
        waiting.add(look)
        child.on('close', () => reject(new Error(`It ended without "${text}":\n${out}\n${err}`)))
        look()
      }),
  }
}

const strata = (...args: string[]): Promise<Ended> => start(args).ended

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

/** Two data types: the first by name reads the second. */
const SHOP = {
  'strata.yaml': 'name: shop\n',
  'inbox/customers.csv': 'id,name\n1,Ada\n2,"Grace, H."\n3,\n',
  'inbox/orders.csv': 'id,customer,amount\n10,1,5\n11,2,7\n12,2,x\n',
  'pipelines/a_orders/pipeline.yaml': 'sources:\n  files:\n    files: inbox/orders.csv\n    columns: { amount: INTEGER }\n',
  'pipelines/a_orders/curated/totals.sql':
    'SELECT c.id, sum(o.amount) AS amount FROM raw.files o JOIN customers.curated.people c ON c.id = o.customer GROUP BY ALL ORDER BY 1\n',
  'pipelines/customers/pipeline.yaml': 'sources:\n  files:\n    files: inbox/customers.csv\n',
  'pipelines/customers/curated/people.sql': 'SELECT id, name FROM raw.files\n',
  'pipelines/customers/curated/people.yaml': 'columns:\n  id:\n    rules: [not_null, unique]\n',
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'strata-cli-'))
  shop = join(base, 'shop')
  await write(shop, SHOP)
})
afterAll(() => rm(base, { recursive: true, force: true }))

describe('before the first run', () => {
  it('wrong arguments are told from failures, and explained', async () => {
    const cases = await Promise.all([strata('run'), strata('run', 'customers', '--all'), strata('show', 'customers'), strata('nonsense'), strata('export', 'x.curated.y', '--to', 'x.xlsx')])
    expect(cases.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2])
    expect(cases.every(({ out, err }) => out === '' && err.startsWith('error: '))).toBe(true)
  })

  it('a folder that is no workspace is named, with the way out', async () => {
    const { code, err } = await start(['runs'], base).ended
    expect([code, err]).toEqual([1, expect.stringMatching(/^strata: No strata\.yaml in .*\n {2}try: .*strata init <dir>\n$/s)])
  })

  it('the workspace is found from a folder inside it', async () => {
    const { code, out } = await start(['runs'], join(shop, 'pipelines', 'customers')).ended
    expect([code, out]).toEqual([0, 'No runs yet. Start one with: strata run <data_type>\n'])
  })

  it('a new workspace is made once, and stands', async () => {
    const dir = join(base, 'fresh')
    expect((await strata('init', dir)).code).toBe(0)
    expect(await strata('-w', dir, 'check')).toMatchObject({ code: 0, out: '0 data types, 0 steps, 0 checks: no mistakes\n' })
    expect((await strata('init', dir, '--sample', 'rare-disease')).code).toBe(1)
  })

  it('a mistake is reported with its place, as text and as JSON', async () => {
    const dir = join(base, 'mistaken')
    await write(dir, { ...SHOP, 'pipelines/customers/curated/people.sql': 'SELECT id\nFROM raw.fils\n' })
    const { code, out } = await strata('check', '-w', dir)
    expect(code).toBe(1)
    expect(out).toMatch(/^pipelines\/customers\/curated\/people\.sql:2:6: error /m)
    const json = await strata('check', '--json', '-w', dir)
    expect(json.code).toBe(1)
    expect(z.object({ findings: z.array(z.looseObject({ line: z.int().nullable() })) }).parse(JSON.parse(json.out)).findings.length).toBeGreaterThan(0)
  })

  it('a data type that is not there brings the likely one', async () => {
    expect(await strata('run', 'customer')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Did you mean customers?') })
  })
})

describe('running', () => {
  it('--all runs what is read before what reads it, each to its end', async () => {
    const { code, out, err } = await strata('run', '--all')
    expect([code, err]).toEqual([0, ''])
    const lines = out.split('\n')
    expect(lines.filter((line) => /^\w+ #1$/.test(line))).toEqual(['customers #1', 'a_orders #1'])
    expect(out).toContain('1 quarantined')
    expect(out).not.toContain('\u001b')
  })

  it('--json gives one object a line, from the start to the end', async () => {
    const { code, out } = await strata('run', 'customers', '--json')
    expect(code).toBe(0)
    const lines = out.trimEnd().split('\n').map((line) => z.looseObject({ type: z.string() }).parse(JSON.parse(line)))
    expect(lines[0]).toMatchObject({ type: 'started', run: { dataType: 'customers', runNumber: 2 } })
    expect(lines.at(-1)).toMatchObject({ type: 'finished', run: { state: 'succeeded' } })
    expect(lines.slice(1, -1).every(({ type }) => type === 'event')).toBe(true)
  })

  it('rows are put together by columns, with totals, as a table, CSV, JSON or a file', async () => {
    const file = join(base, 'groups.csv')
    const asked = ['pivot', 'a_orders.raw.files', '--rows', 'customer', '--columns', 'amount:10', '--values', 'count,sum:amount']
    const [table, csv, json, written, none] = await Promise.all([strata(...asked), strata(...asked, '--csv', '--sort', '-customer'), strata(...asked, '--json', '--filter', 'amount > 5'), strata(...asked, '--to', file), strata('pivot', 'a_orders.raw.files')])
    expect(table.out).toMatch(/^customer +0 to 10: rows +0 to 10: sum of amount +total: rows +total: sum of amount\n1 +1 +5 +1 +5\n2 +1 +7 +1 +7\n +2 +12 +2 +12\n/)
    expect(csv.out).toBe('customer,0 to 10: rows,0 to 10: sum of amount,total: rows,total: sum of amount\n2,1,7,1,7\n1,1,5,1,5\n')
    expect(JSON.parse(json.out)).toMatchObject({ version: 1, rowCount: 1, groupCount: 1, groups: [{ customer: '2', 'total: rows': '1' }], total: { 'total: sum of amount': '7' } })
    expect(written).toMatchObject({ code: 0, out: expect.stringContaining('2 groups') })
    expect((await readFile(file, 'utf8')).split('\r\n')).toEqual(['customer,0 to 10: rows,0 to 10: sum of amount,total: rows,total: sum of amount', '1,1,5,1,5', '2,1,7,1,7', ''])
    expect(JSON.parse(await readFile(`${file}.manifest.json`, 'utf8'))).toMatchObject({ rowCount: 2, groups: { rows: [{ column: 'customer' }], values: [{ of: 'count' }, { of: 'sum', column: 'amount' }] } })
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('Give --rows') })
  })

  it('a view is kept, exported, drawn as numbers and removed', async () => {
    const file = join(base, 'view.csv')
    const orders = 'a_orders.raw.files'
    expect(await strata('views', 'save', 'Large orders', orders, '--filter', 'amount > 5', '--sort', '-id', '--hide', 'customer,_file,_record')).toMatchObject({ code: 0, out: 'Kept as views/Large orders.json\n' })
    expect(await strata('views', 'save', 'By customer', orders, '--rows', 'customer', '--values', 'sum:amount', '--sort', '-customer')).toMatchObject({ code: 0 })
    const [again, wrong, unreadable] = await Promise.all([strata('views', 'save', 'Large orders', orders), strata('views', 'save', 'Other', orders, '--sort', 'amuont'), strata('views', 'save', 'Other', orders, '--filter', 'amount >')])
    expect([again.code, wrong.code, unreadable.code]).toEqual([1, 2, 2])
    expect(wrong.err).toContain('no column "amuont"')
    expect(await strata('export', '--view', 'Large orders', '--to', file)).toMatchObject({ code: 0 })
    expect(await readFile(file, 'utf8')).toBe('id,amount\r\n11,7\r\n')
    expect(await strata('export', '--view', 'By customer', '--to', file, '--overwrite')).toMatchObject({ code: 0 })
    expect(await readFile(file, 'utf8')).toBe('customer,sum of amount\r\n2,7\r\n1,5\r\n')
    const [bars, none] = await Promise.all([strata('chart', orders, '--x', 'customer', '--y', 'sum:amount', '--csv'), strata('chart', '--view', 'Large orders')])
    expect(bars.out).toBe('customer,sum of amount\n1,5\n2,7\n')
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('has no chart') })
    expect((await strata('export', '--view', 'Lagre orders', '--to', file)).err).toContain('Did you mean Large orders?')
    await Promise.all([strata('views', 'remove', 'Large orders'), strata('views', 'remove', 'By customer')])
    expect(JSON.parse((await strata('views', '--json')).out)).toEqual({ views: [], unreadable: [] })
  })

  it('what came of it can be listed, shown, asked, traced and exported', async () => {
    const [runs, show, datasets, lineage] = await Promise.all([strata('runs', 'customers'), strata('show', 'a_orders#1'), strata('datasets', '--json'), strata('lineage', 'a_orders.curated.totals')])
    expect(runs.out.split('\n')[1]).toMatch(/^customers#2 {2}✓ succeeded/)
    expect(show.out).toMatch(/orders\.csv +a_orders\.raw\.files +3 +2 +1/)
    expect(z.array(z.looseObject({ dataset: z.string() })).parse(JSON.parse(datasets.out)).map(({ dataset }) => dataset).toSorted()).toEqual([
      'a_orders.curated.totals', 'a_orders.raw.files', 'customers.curated.people', 'customers.raw.files',
    ])
    expect(lineage.out).toContain('orders.csv')
    expect(lineage.out).toContain('customers.curated.people')
  })

  it('a query gives table, CSV or JSON, null and empty text told apart', async () => {
    const sql = 'SELECT id, name FROM customers.curated.people ORDER BY id'
    const [table, csv, json] = await Promise.all([strata('sql', sql), strata('sql', sql, '--csv'), strata('query', sql, '--json')])
    expect(table.out).toBe('id  name\n1   Ada\n2   Grace, H.\n3   null\n')
    expect(table.err).toMatch(/^3 rows in /)
    expect(csv).toMatchObject({ out: 'id,name\n1,Ada\n2,"Grace, H."\n3,\n', err: '' })
    expect(JSON.parse(json.out)).toEqual([{ id: '1', name: 'Ada' }, { id: '2', name: 'Grace, H.' }, { id: '3', name: null }])
  })

  it('a query finds its datasets at the versions that it is told, and tells how it would run', async () => {
    const sql = 'SELECT count(*) AS n FROM customers.curated.people'
    expect((await strata('sql', sql, '--csv', '--pin', 'customers.curated.people@v1')).out).toBe('n\n3\n')
    const { code, err } = await strata('sql', sql, '--pin', 'customers.curated.people@99')
    expect([code, err]).toEqual([1, expect.stringContaining('has no version 99')])
    expect(await strata('sql', sql, '--pin', 'people')).toMatchObject({ code: 2, err: expect.stringContaining('data_type.zone.name@version') })
    expect((await strata('sql', 'SELECT max(name) AS last FROM customers.curated.people', '--explain')).out).toMatch(/^operator +rows +details\n(.*\n)*.*PARQUET/)
    expect(await strata('sql', 'SELECT max(name) AS last FROM customers.curated.people', '--analyze')).toMatchObject({ out: expect.stringMatching(/took/), err: expect.stringMatching(/^Ran in /) })
    expect(await strata('sql')).toMatchObject({ code: 2, err: expect.stringContaining('There is no statement') })
  })

  it('a query is kept under a name, run by it, and made a step', async () => {
    const sql = 'SELECT name, count(*) AS n FROM customers.curated.people GROUP BY name'
    expect((await strata('queries')).out).toMatch(/^No named queries yet/)
    expect((await strata('queries', 'save', 'By name', sql)).out).toBe('Kept as queries/By name.sql\n')
    expect((await strata('queries')).out).toContain('By name')
    expect((await strata('sql', '--query', 'By name', '--csv')).out.split('\n')).toHaveLength(5)
    expect(await strata('sql', '--query', 'By nam')).toMatchObject({ code: 1, err: expect.stringContaining('Did you mean By name?') })
    const step = ['sql', '--query', 'By name', '--step', 'customers.results.names']
    expect((await strata(...step, '--dry-run')).out).toContain(`pipelines/customers/results/names.sql\n${sql}`)
    expect(await strata(...step)).toMatchObject({ code: 0, out: 'Wrote pipelines/customers/results/names.sql\n' })
    expect((await strata(...step)).code).toBe(1)
    await rm(join(shop, 'pipelines/customers/results'), { recursive: true })
    expect((await strata('queries', 'remove', 'By name')).out).toBe('The query "By name" is removed\n')
  })

  it('saved views are listed, renamed and removed, and what is no view is named', async () => {
    expect((await strata('views')).out).toMatch(/^No saved views yet/)
    await mkdir(join(shop, 'views'), { recursive: true })
    const view = { dataset: 'customers.curated.people', query: { sort: [{ column: 'name', direction: 'desc' }], filter: [] }, layout: { order: [], hidden: [], pinned: null, widths: {} } }
    await writeFile(join(shop, 'views/People.json'), JSON.stringify(view))
    await writeFile(join(shop, 'views/Broken.json'), '{')
    expect((await strata('views', 'list', 'customers.curated.people')).out).toMatch(/^views\/Broken\.json is no view: [^]*People +customers\.curated\.people +0 +name descending/)
    expect(await strata('views', 'rename', 'People', 'All')).toMatchObject({ code: 0, out: 'Kept as views/All.json\n' })
    expect(await strata('views', 'rename', 'People', 'All')).toMatchObject({ code: 1, err: expect.stringContaining('There is no view "People"') })
    expect((await strata('views', 'remove', 'All')).out).toBe('The view "All" is removed\n')
    await rm(join(shop, 'views'), { recursive: true })
  })

  it('a query that may not run is refused with a reason', async () => {
    const { code, out, err } = await strata('sql', "COPY (SELECT 1) TO '/tmp/x.csv'")
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^strata: /)
    expect(JSON.parse((await strata('sql', 'SELECT nothing_such', '--json')).err)).toMatchObject({ problem: { code: expect.stringMatching(/^SQL_/) } })
  })

  it('an export writes the file where it was told to, once', async () => {
    const file = join(base, 'people.csv')
    expect(await strata('export', 'customers.curated.people', '--to', file)).toMatchObject({ code: 0, out: expect.stringContaining('3 rows') })
    expect((await readFile(file, 'utf8')).trimEnd().split(/\r?\n/)).toHaveLength(4)
    expect((await strata('export', 'customers.curated.people', '--to', file)).code).toBe(1)
    expect((await strata('export', 'customers.curated.people', '--to', file, '--overwrite')).code).toBe(0)
  })

  it('a check that blocks has an exit code of its own', async () => {
    const dir = join(base, 'blocked')
    await cp(shop, dir, { recursive: true, filter: (path) => !/\.strata|zones/.test(path) })
    await write(dir, { 'inbox/customers.csv': 'id,name\n1,Ada\n1,Bob\n' })
    const { code, out } = await strata('run', 'customers', '-w', dir)
    expect(code).toBe(4)
    expect(out).toContain('unique(id)')
    const all = await strata('run', '--all', '-w', dir)
    expect(all.code).toBe(4)
    expect(all.err).toContain('a_orders is left out: it reads customers')
  })

  it('Ctrl+C cancels the run and waits for its end', async () => {
    const dir = join(base, 'slow')
    await write(dir, { ...SHOP, 'pipelines/customers/curated/people.sql': 'SELECT count(*) AS n, max(a.id) AS id FROM raw.files a, range(100000000000) r\n' })
    const { child, ended, until } = start(['run', 'customers'], dir)
    await until('customers.curated.people')
    child.kill('SIGINT')
    const { code, out } = await ended
    expect(code).toBe(3)
    expect(out).toMatch(/customers #1 {2}⊘ cancelled/)
    expect((await start(['runs'], dir).ended).out).toContain('⊘ cancelled')
  })

  it('the doctor finds everything sound', async () => {
    const { code, out } = await strata('doctor')
    expect(out).not.toContain('✗')
    expect(code).toBe(0)
  })
})

describe('the server', () => {
  it('prints one line with its address, holds the workspace, and closes cleanly', async () => {
    const { child, ended, until } = start(['serve', shop, '--no-open'])
    await until('Strata is at http://127.0.0.1:')
    expect((await strata('runs')).code).toBe(0)
    child.kill('SIGTERM')
    const { code, out } = await ended
    expect([code, out]).toEqual([0, expect.stringMatching(/^Strata is at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}\n$/)])
  })
})

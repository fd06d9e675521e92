import { describe, expect, it } from 'vitest'
import { findingsOf, findingText, loadFiles, stepOf, testWorkspace } from './test-workspace.ts'

const DRUGS = {
  'pipelines/drugs/pipeline.yaml': `label: Drugs
description: What is sold
entity: { key: drug_id }
sources:
  products:
    files: inbox/*.txt
    delimiter: ~
    columns: { appl_no: text, amount: 'decimal(10,2)' }
    tolerate: 1%
    null: [NA, NULL, -99]
retry:
  busy: { attempts: 7, base_delay: 2s }
`,
  'pipelines/drugs/raw/products.yaml': 'columns:\n  appl_no:\n    rules: [not_null]\n',
  'pipelines/drugs/preprocessed/products.sql': 'SELECT appl_no AS drug_id, amount FROM raw.products',
  'pipelines/drugs/curated/products.sql': 'SELECT * FROM preprocessed.products JOIN Drugs.Processed.Scores USING (drug_id)',
  'pipelines/drugs/curated/products.yaml': `description: All of them
key: drug_id
columns:
  drug_id: VARCHAR
  amount:
    type: numeric(10, 2)
    description: in euros
    rules:
      - range: { min: 0, severity: warn }
      - accepted_values: [1, 2]
  status:
    rules:
      - unique
      - accepted_values: { values: [on, 01], severity: warn }
      - pattern: '[A-Z]+'
      - relationship: { to: preprocessed.products, column: drug_id }
unique: [[drug_id, status]]
rows: { min: 1 }
checks:
  - name: no negative totals
    sql: |
      SELECT *
      FROM curated.products WHERE amount < 0
    severity: warn
`,
  'pipelines/drugs/processed/scores.ts': 'export default {}\n',
  'pipelines/drugs/processed/scores.yaml': 'entity:\n  input: preprocessed.products\n  timeout: 5s\n  max_failed: 1%\n',
}

describe('a workspace without mistakes', () => {
  it('gives its data types, steps in the order in which they run, and no findings', async () => {
    const model = await loadFiles({ 'strata.yaml': 'name: my-data\nlabel: My data\nlimits: { memory: 512MB, threads: 3 }\n', ...DRUGS })
    expect(model.findings).toEqual([])
    expect(model).toMatchObject({ name: 'my-data', label: 'My data', description: null, limits: { memoryMb: 512, threads: 3 } })
    const [drugs] = model.dataTypes
    expect(drugs).toMatchObject({ name: 'drugs', label: 'Drugs', description: 'What is sold', entityKey: 'drug_id', runnable: true })
    expect(drugs?.retry).toEqual({ busy: { attempts: 7, baseDelayMs: 2_000, maxDelayMs: 30_000 } })
    expect(drugs?.steps.map(({ kind, dataset, inputs }) => [kind, dataset, inputs])).toEqual([
      ['extract', 'drugs.raw.products', []],
      ['sql', 'drugs.preprocessed.products', ['drugs.raw.products']],
      ['entity', 'drugs.processed.scores', ['drugs.preprocessed.products']],
      ['sql', 'drugs.curated.products', ['drugs.preprocessed.products', 'drugs.processed.scores']],
    ])
  })

  it('reads a source with its defaults', async () => {
    expect(stepOf(await loadFiles(DRUGS), 'drugs.raw.products')).toMatchObject({
      file: 'pipelines/drugs/pipeline.yaml',
      source: {
        name: 'products',
        files: ['inbox/*.txt'],
        format: 'csv',
        keep: 'copy',
        csv: { delimiter: '~', quote: null, escape: null, header: true, nullText: ['NA', 'NULL', '-99'], skipLines: 0, comment: null },
        record: null,
        lists: [],
        columns: { appl_no: 'VARCHAR', amount: 'DECIMAL(10,2)' },
        tolerate: { share: 0.01 },
      },
      contract: { checks: [{ kind: 'not_null', column: 'appl_no', severity: 'block' }] },
    })
  })

  it('reads an entity step with its defaults', async () => {
    const model = await loadFiles(DRUGS)
    expect(stepOf(model, 'drugs.processed.scores')).toMatchObject({
      input: 'drugs.preprocessed.products',
      key: 'drug_id',
      attempts: 3,
      retryDelayMs: 500,
      timeoutMs: 5_000,
      concurrency: 4,
      maxFailed: { share: 0.01 },
      processorPath: `${model.root}/pipelines/drugs/processed/scores.ts`,
    })
  })

  it('turns types, key and rules of a contract into checks', async () => {
    const { contract } = stepOf(await loadFiles(DRUGS), 'drugs.curated.products')
    expect(contract).toMatchObject({ description: 'All of them', key: ['drug_id'], columns: [{ type: 'VARCHAR' }, { type: 'DECIMAL(10,2)', description: 'in euros' }, { type: null }] })
    expect(contract?.checks.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      'block type(drug_id)',
      'block type(amount)',
      'warn range(amount)',
      'block accepted_values(amount)',
      'block unique(status)',
      'warn accepted_values(status)',
      'block pattern(status)',
      'block relationship(status, drugs.preprocessed.products)',
      'block not_null(drug_id)',
      'block unique(drug_id)',
      'block unique(drug_id, status)',
      'block row_count',
      'warn no negative totals',
    ])
    expect(contract?.checks.find(({ rule }) => rule === 'accepted_values(status)')).toMatchObject({ values: ['on', '01'] })
    expect(contract?.checks.at(-1)).toMatchObject({ kind: 'sql', inputs: ['drugs.curated.products'] })
  })

  it('asks the analyst once for everything, and not again while nothing changes', async () => {
    await using workspace = await testWorkspace(DRUGS)
    await workspace.load()
    await workspace.load()
    expect(workspace.calls).toEqual({ analyse: 1, describe: 0 })
    await workspace.write({ 'pipelines/drugs/preprocessed/products.sql': 'SELECT 1 AS drug_id FROM raw.products' })
    await workspace.load()
    expect(workspace.calls.analyse).toBe(2)
  })

  it('opens, with a finding, when the analyst cannot work', async () => {
    await using workspace = await testWorkspace(DRUGS)
    const { loadWorkspace } = await import('./load-workspace.ts')
    const broken = (): Promise<never> => Promise.reject(new Error('no such worker'))
    const model = await loadWorkspace({ root: workspace.root, analyst: { analyse: broken, describe: broken, grain: broken, syntax: broken }, knownColumns: () => null, cache: { get: () => null, setAll: () => {} } })
    expect(model.findings.map(findingText)).toEqual(['strata.yaml not-checked SQL could not be checked: no such worker (Check the workspace again)'])
    expect(model.dataTypes[0]?.runnable).toBe(false)
  })
})

describe('what is no workspace', () => {
  it('is refused with what to type', async () => {
    await using workspace = await testWorkspace()
    const { loadWorkspace } = await import('./load-workspace.ts')
    const load = (root: string): Promise<unknown> =>
      loadWorkspace({ root, analyst: { analyse: () => Promise.resolve([]), describe: () => Promise.resolve([]), grain: () => Promise.resolve([]), syntax: () => Promise.resolve([]) }, knownColumns: () => null, cache: { get: () => null, setAll: () => {} } })
    await expect(load(`${workspace.root}/nowhere`)).rejects.toMatchObject({ problem: { code: 'NOT_FOUND', hint: expect.stringContaining('strata init') } })
    await workspace.write({ 'inbox/a.txt': '' })
    await expect(load(`${workspace.root}/inbox`)).rejects.toMatchObject({ problem: { code: 'NOT_FOUND', message: expect.stringContaining('no strata.yaml') } })
  })
})

describe('the order of steps', () => {
  it('is by zone and name where nothing is read, across data types too', async () => {
    const model = await loadFiles({
      'pipelines/a/curated/x.sql': 'FROM b.curated.y',
      'pipelines/a/preprocessed/z.sql': 'SELECT 1 AS n',
      'pipelines/a/preprocessed/b.sql': 'FROM curated.x',
      'pipelines/b/curated/y.sql': 'SELECT 1 AS n',
    })
    expect(model.findings).toEqual([])
    expect(model.dataTypes.map(({ steps }) => steps.map(({ dataset }) => dataset))).toEqual([['a.preprocessed.z', 'a.curated.x', 'a.preprocessed.b'], ['b.curated.y']])
  })

  it('runs what a check looks at first where it can', async () => {
    const model = await loadFiles({
      'pipelines/a/curated/x.sql': 'SELECT 1 AS n',
      'pipelines/a/curated/x.yaml': 'columns:\n  n:\n    rules: [{ relationship: { to: curated.y } }]\n',
      'pipelines/a/curated/y.sql': 'SELECT 1 AS n',
    })
    expect(model.dataTypes[0]?.steps.map(({ name }) => name)).toEqual(['y', 'x'])
  })
})

describe('runnable', () => {
  it('is a data type whose own files have no error', async () => {
    const model = await loadFiles({ 'pipelines/a/curated/x.sql': 'SELEC', 'pipelines/b/curated/y.sql': 'SELECT 1 AS n', 'pipelines/c/notes.txt': '' })
    expect(model.dataTypes.map(({ name, runnable }) => [name, runnable])).toEqual([['a', false], ['b', true], ['c', false]])
  })

  it('is nothing while strata.yaml has an error', async () => {
    const model = await loadFiles({ 'strata.yaml': 'name: Bad Name\n', 'pipelines/b/curated/y.sql': 'SELECT 1 AS n' })
    expect(model.dataTypes[0]?.runnable).toBe(false)
  })
})

describe('types before a run', () => {
  const STEPS = {
    'pipelines/a/pipeline.yaml': 'sources: { s: { files: inbox/s.csv } }\n',
    'pipelines/a/preprocessed/p.sql': '-- first\nSELECT idd, _file, _record FROM raw.s',
    'pipelines/a/curated/c.sql': 'SELECT * FROM preprocessed.p',
    'pipelines/a/curated/c.yaml': 'columns:\n  id: BIGINT\n  nme: VARCHAR\nchecks:\n  - name: x\n    sql: SELECT nothing FROM curated.c\n',
  }

  it('are unknown until the sources have been read once', async () => {
    expect(await findingsOf(STEPS)).toEqual([])
  })

  it('warn about a column that the last version does not have, and not about what follows from it', async () => {
    expect(await findingsOf(STEPS, { 'a.raw.s': [{ name: 'id', type: 'BIGINT' }] })).toEqual([
      'warning pipelines/a/preprocessed/p.sql:2:8 sql-type SQL: Referenced column "idd" not found in FROM clause! (Did you mean id?)',
    ])
  })

  it('compare the contract and its checks with the columns', async () => {
    const files = { ...STEPS, 'pipelines/a/preprocessed/p.sql': 'SELECT id, name FROM raw.s' }
    expect(await findingsOf(files, { 'a.raw.s': [{ name: 'id', type: 'INTEGER' }, { name: 'name', type: 'VARCHAR' }] })).toEqual([
      'warning pipelines/a/curated/c.yaml:2:7 wrong-column-type "id" is INTEGER, but its contract says BIGINT (Write id::BIGINT AS id in the step, or change the contract)',
      'warning pipelines/a/curated/c.yaml:3:3 unknown-column The dataset has no column "nme" (Did you mean name?)',
      'warning pipelines/a/curated/c.yaml:6:17 sql-type SQL: Referenced column "nothing" not found in FROM clause! (Did you mean name?)',
    ])
  })

  it('are errors where they rest on no earlier run', async () => {
    expect(await findingsOf({ 'pipelines/a/curated/c.sql': 'SELECT foo(1) AS x' })).toEqual([
      'pipelines/a/curated/c.sql:1:8 sql-type SQL: Scalar Function with name foo does not exist! (Did you mean "floor"?)',
    ])
  })

  it('are found again for what changed and what reads it, over what the rest gave before', async () => {
    await using workspace = await testWorkspace({ ...STEPS, 'pipelines/a/preprocessed/p.sql': 'SELECT id, 1 AS nme FROM raw.s' })
    workspace.known['a.raw.s'] = [{ name: 'id', type: 'BIGINT' }]
    expect((await workspace.load()).findings.map(({ code }) => code)).toEqual(['wrong-column-type', 'sql-type'])
    await workspace.write({ 'pipelines/a/curated/c.sql': "SELECT id, nme::VARCHAR AS nme, oops FROM preprocessed.p" })
    expect((await workspace.load()).findings.map(findingText)).toEqual([
      'warning pipelines/a/curated/c.sql:1:33 sql-type SQL: Referenced column "oops" not found in FROM clause! (Did you mean id?)',
    ])
    expect(workspace.calls.describe).toBe(2)
  })

  it('come from the cache while nothing changes', async () => {
    await using workspace = await testWorkspace(STEPS)
    workspace.known['a.raw.s'] = [{ name: 'id', type: 'BIGINT' }]
    const first = await workspace.load()
    expect((await workspace.load()).findings).toEqual(first.findings)
    expect(workspace.calls.describe).toBe(1)
    workspace.known['a.raw.s'] = [{ name: 'idd', type: 'BIGINT' }]
    await workspace.load()
    expect(workspace.calls.describe).toBe(2)
  })
})

import { describe, expect, it } from 'vitest'
import { findViolations } from './layers.mjs'

/** Rule names that a handful of sources break. */
function broken(files: Record<string, string>): string[] {
  const violations = findViolations(Object.entries(files).map(([path, text]) => ({ path, text })))
  return violations.map(({ rule, path, line }) => `${rule} @ ${path}:${line}`)
}

const ok = 'export const a = 1\n'

describe('the arrows', () => {
  it.each([
    ['shared/domain/x.ts', 'electron/engine/a.ts', '../../electron/engine/a.ts'],
    ['electron/engine/runs/x.ts', 'electron/headless/a.ts', '../../headless/a.ts'],
    ['electron/main/x.ts', 'electron/engine/a.ts', '../engine/a.ts'],
    ['electron/preload/x.ts', 'electron/main/a.ts', '../main/a.ts'],
    ['electron/engine-host/x.ts', 'electron/headless/a.ts', '../headless/a.ts'],
    ['electron/headless/x.ts', 'electron/main/a.ts', '../main/a.ts'],
    ['renderer/ui/x.tsx', 'renderer/api/a.ts', '../api/a.ts'],
    ['renderer/api/x.ts', 'renderer/shell/a.ts', '../shell/a.ts'],
    ['renderer/grid/x.ts', 'renderer/shell/a.ts', '../shell/a.ts'],
    ['renderer/features/runs/x.ts', 'renderer/shell/a.ts', '../../shell/a.ts'],
    ['renderer/shell/x.ts', 'electron/engine/a.ts', '../../electron/engine/a.ts'],
  ])('%s may not import %s', (from, to, specifier) => {
    expect(broken({ [from]: `import { a } from '${specifier}'\nvoid a\n`, [to]: ok })).toEqual([`arrow @ ${from}:1`])
  })

  it('hold for types, re-exports and dynamic imports as well', () => {
    const a = { 'electron/headless/a.ts': ok }
    expect(broken({ ...a, 'electron/engine/x.ts': "\nimport type { A } from '../headless/a.ts'\n" })).toEqual(['arrow @ electron/engine/x.ts:2'])
    expect(broken({ ...a, 'electron/engine/x.ts': "export * from '../headless/a.ts'\n" })).toEqual(['arrow @ electron/engine/x.ts:1'])
    expect(broken({ ...a, 'electron/engine/x.ts': "export const b = () => import('../headless/a.ts')\n" })).toEqual(['arrow @ electron/engine/x.ts:1'])
  })

  it('let a host import the engine, and every runtime the shared language', () => {
    const shared = { 'shared/domain/a.ts': ok, 'electron/engine/b.ts': "export { a } from '../../shared/domain/a.ts'\n" }
    expect(broken({ ...shared, 'electron/headless/x.ts': "import { a } from '../engine/b.ts'\nvoid a\n" })).toEqual([])
    expect(broken({ ...shared, 'renderer/shell/x.ts': "import { a } from '../../shared/domain/a.ts'\nvoid a\n" })).toEqual([])
  })

  it('keep features apart, and let each import itself', () => {
    const files = { 'renderer/features/runs/a.ts': ok }
    expect(broken({ ...files, 'renderer/features/data/x.ts': "import { a } from '../runs/a.ts'\nvoid a\n" })).toEqual([
      'features apart @ renderer/features/data/x.ts:1',
    ])
    expect(broken({ ...files, 'renderer/features/runs/x.ts': "import { a } from './a.ts'\nvoid a\n" })).toEqual([])
  })
})

describe('single importers', () => {
  it.each([
    ['electron', 'electron/engine/x.ts'],
    ['electron', 'electron/engine/x.test.ts'],
    ['electron', 'electron/engine-host/x.ts'],
    ['better-sqlite3', 'electron/engine/runs/x.ts'],
    ['@duckdb/node-api', 'electron/engine/ledger/x.ts'],
    ['ag-grid-community', 'renderer/features/data/x.ts'],
    ['node:fs', 'shared/domain/x.ts'],
    ['node:path', 'renderer/api/x.ts'],
  ])('%s is refused in %s', (name, from) => {
    expect(broken({ [from]: `import x from '${name}'\nvoid x\n` })).toEqual([`single importer @ ${from}:1`])
  })

  it.each([
    ['electron', 'electron/main/x.ts'],
    ['better-sqlite3', 'electron/engine/ledger/x.ts'],
    ['better-sqlite3', 'electron/engine/runs/x.test.ts'],
    ['@duckdb/node-api', 'electron/engine/query/x.ts'],
    ['ag-grid-react', 'renderer/grid/x.tsx'],
    ['node:fs', 'electron/engine/runs/x.ts'],
  ])('%s is welcome in %s', (name, from) => {
    expect(broken({ [from]: `import x from '${name}'\nvoid x\n` })).toEqual([])
  })

  it('lets the engine host name types of Electron, as long as nothing is loaded', () => {
    expect(broken({ 'electron/engine-host/x.ts': "import type { MessagePortMain } from 'electron'\n" })).toEqual([])
    expect(broken({ 'electron/engine-host/x.ts': "import { type MessagePortMain } from 'electron'\n" })).toHaveLength(1)
  })
})

describe('what a process must never load', () => {
  const duck = { 'electron/engine/query/duckdb.ts': "import '@duckdb/node-api'\nexport const a = 1\n" }

  it('finds DuckDB behind several steps of the engine', () => {
    const files = { ...duck, 'electron/engine/b.ts': "export { a } from './query/duckdb.ts'\n", 'electron/engine/create-engine.ts': "import './b.ts'\n" }
    expect(broken(files)).toEqual(['engine process without DuckDB @ electron/engine/create-engine.ts:1'])
  })

  it('follows no type-only import', () => {
    expect(broken({ ...duck, 'electron/engine/create-engine.ts': "import type { A } from './query/duckdb.ts'\n" })).toEqual([])
  })

  it('finds the ledger behind a worker', () => {
    const files = { 'electron/engine/ledger/a.ts': ok, 'electron/engine/workers/run.worker.ts': "import '../ledger/a.ts'\n" }
    expect(broken(files)).toEqual(['workers without the ledger @ electron/engine/workers/run.worker.ts:1'])
  })

  it('finds zod behind the preload', () => {
    const files = { 'shared/a.ts': "import 'zod'\n", 'electron/preload/preload.ts': "import '../../shared/a.ts'\n" }
    expect(broken(files)).toEqual(['preload without libraries @ electron/preload/preload.ts:1'])
  })
})

describe('cycles', () => {
  it('are found over any number of files', () => {
    const files = { 'shared/a.ts': "import './b.ts'\n", 'shared/b.ts': "import './c.ts'\n", 'shared/c.ts': "import './a.ts'\n" }
    expect(broken(files)).toEqual(['cycle @ shared/c.ts:1'])
  })

  it('count when only types go round', () => {
    const files = { 'shared/a.ts': "import type { B } from './b.ts'\nexport type A = B\n", 'shared/b.ts': "import type { A } from './a.ts'\nexport type B = A\n" }
    expect(broken(files)).toEqual(['cycle @ shared/b.ts:1'])
  })

  it('are not seen where two files share a third', () => {
    expect(broken({ 'shared/a.ts': "import './b.ts'\nimport './c.ts'\n", 'shared/b.ts': "import './c.ts'\n", 'shared/c.ts': ok })).toEqual([])
  })
})

describe('files', () => {
  it('have at most 400 lines, tests excepted', () => {
    const long = `${ok}`.repeat(401).replaceAll(/const a/g, () => `const a${Math.random().toString(36).slice(2)}`)
    expect(broken({ 'shared/a.ts': long })).toEqual(['size @ shared/a.ts:400'])
    expect(broken({ 'shared/a.test.ts': long })).toEqual([])
  })

  it.each(['shared/index.ts', 'electron/engine/utils.ts', 'renderer/ui/types.ts', 'shared/RunPage.tsx'])('%s is no name', (path) => {
    expect(broken({ [path]: ok })).toEqual([`name @ ${path}:1`])
  })

  it('import only what exists', () => {
    expect(broken({ 'shared/a.ts': "import './gone.ts'\n" })).toEqual(['unresolved @ shared/a.ts:1'])
  })
})

describe('ambient state below the hosts', () => {
  it('is refused at module level', () => {
    expect(broken({ 'electron/engine/a.ts': 'export let count = 0\n' })).toEqual(['ambient state @ electron/engine/a.ts:1'])
    expect(broken({ 'electron/engine/a.ts': 'export const f = () => { let n = 0; return n++ }\n' })).toEqual([])
    expect(broken({ 'electron/main/a.ts': 'let count = 0\nvoid count++\n' })).toEqual([])
  })

  it('is refused as environment', () => {
    expect(broken({ 'electron/engine/a.ts': "export const home = () => process.env['HOME']\n" })).toEqual(['ambient state @ electron/engine/a.ts:1'])
    expect(broken({ 'electron/headless/a.ts': "export const home = () => process.env['HOME']\n" })).toEqual([])
  })
})

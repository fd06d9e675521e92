import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CSV_KEYS, sourceFileSchema } from './pipeline-file.schema.ts'
import { findingText, loadFiles } from './test-workspace.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const page = readFileSync(join(ROOT, 'docs', 'reference', 'workspace-files.md'), 'utf8')
/** Examples begin with a comment that names their file. */
const examples = Object.fromEntries([...page.matchAll(/^```\w+\n(?:#|--|\/\/) (\S+)\n([\s\S]*?)^```/gm)].map(([, path = '', text = '']) => [path, text]))

describe('the reference page of workspace files', () => {
  it('has examples that make a workspace without mistakes', async () => {
    expect(Object.keys(examples)).toHaveLength(7)
    const model = await loadFiles(examples, { 'drugs.raw.products': [{ name: 'appl_no', type: 'VARCHAR' }, { name: 'approved_on', type: 'DATE' }] })
    expect(model.findings.map(findingText)).toEqual([])
    expect(model.dataTypes.map(({ name, runnable, steps, tests }) => [name, runnable, steps.length, tests.length])).toEqual([['drugs', true, 5, 1]])
  })

  it('lists every option of a source', () => {
    const table = page.slice(page.indexOf('### Sources'), page.indexOf('### Retry'))
    expect(Object.keys(sourceFileSchema.shape).filter((key) => !table.includes(`| \`${key}\` |`))).toEqual([])
    expect(CSV_KEYS.filter((key) => !table.includes(`| \`${key}\` | csv`))).toEqual([])
  })

  it('lists exactly the codes of findings that the code gives', () => {
    const sources = ['electron/engine/workspace', 'electron/engine/query', 'electron/engine/masks'].flatMap((folder) =>
      readdirSync(join(ROOT, folder))
        .filter((name) => (!folder.endsWith('query') || name.startsWith('sql-')) && name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
    )
    const given = sources.flatMap((text) => [...text.matchAll(/(?:code: '|return error\('|failed\(error\(')([a-z]+-[a-z-]+|cycle|duplicate|unreadable)'/g)].map(([, code]) => code))
    const listed = [...page.slice(page.indexOf('## Findings')).matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, code]) => code)
    expect(new Set(listed)).toEqual(new Set(given))
  })
})

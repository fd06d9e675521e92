import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const FOLDERS = 'electron|shared|renderer|scripts|resources|bench|docs|e2e'
const documents = ['docs/Data_system.md', ...readdirSync(join(ROOT, 'docs/data-types')).map((name) => `docs/data-types/${name}`)]

describe('the documents about the data system', () => {
  it.each(documents)('%s names only files that exist', (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8')
    const named = [...text.matchAll(new RegExp(`\`((?:${FOLDERS})/[^\`*<>]*)\``, 'g'))].map((match) => match[1] ?? '')
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map((match) => join(dirname(document), match[1] ?? ''))
    expect([...named, ...links].filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it.each([
    ['electron/engine/ledger/runs.store.ts', 'getNextRunNumber'],
    ['electron/engine/ledger/entities.store.ts', 'isEntityProcessed'],
    ['electron/engine/etl/steps/process-entity.ts', 'function processEntity'],
    ['electron/engine/ledger/entities.store.ts', 'saveProcessingResults'],
  ])('the pattern at the centre is where they say: %s has %s', (file, name) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(name)
  })
})

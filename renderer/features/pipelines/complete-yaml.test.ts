import { describe, expect, it } from 'vitest'
import contract from '../../../resources/schemas/contract.schema.json' with { type: 'json' }
import pipeline from '../../../resources/schemas/pipeline.schema.json' with { type: 'json' }
import { completeYaml, yamlSchema } from './complete-yaml.ts'
import { yamlPlace } from './yaml-place.ts'

const SCHEMAS = { contract: yamlSchema.parse(contract), pipeline: yamlSchema.parse(pipeline) }
const NAMES = {
  keysAt: (path: readonly string[]): string[] => (path.join('.') === 'columns' ? ['id', 'amount'] : []),
  valuesAt: (path: readonly string[]): string[] => (path.join('.') === 'key' ? ['id', 'amount'] : []),
}

function labels(kind: keyof typeof SCHEMAS, marked: string): string[] {
  const place = yamlPlace(marked.replace('|', ''), marked.indexOf('|'))
  return place === null ? [] : completeYaml(SCHEMAS[kind], place, NAMES).map(({ label }) => label)
}

describe('what can be written in a YAML file', () => {
  it('keys of the place, without those that are there', () => {
    expect(labels('pipeline', 'label: x\n|')).toEqual(expect.arrayContaining(['sources', 'entity', 'schedule']))
    expect(labels('pipeline', 'label: x\n|')).not.toContain('label')
    expect(labels('pipeline', 'sources:\n  a:\n    files: x\n    |')).toEqual(expect.arrayContaining(['format', 'record', 'tolerate']))
    expect(labels('contract', 'columns:\n  id:\n    rules:\n      - |')).toEqual(expect.arrayContaining(['not_null', 'range', 'pattern']))
  })

  it('values that a key may have', () => {
    expect(labels('pipeline', 'sources:\n  a:\n    format: |')).toEqual(expect.arrayContaining(['csv', 'ndjson']))
    expect(labels('pipeline', 'sources:\n  a:\n    header: |')).toEqual(['true', 'false'])
    expect(labels('contract', 'columns:\n  id:\n    rules:\n      - not_null:\n          severity: |')).toEqual(['block', 'quarantine', 'warn'])
  })

  it('names of columns where columns are named', () => {
    expect(labels('contract', 'columns:\n  id: {}\n  |')).toEqual(['amount'])
    expect(labels('contract', 'key:\n  - |')).toEqual(['id', 'amount'])
  })

  it('says what each key means', () => {
    const place = yamlPlace('', 0)
    const described = place === null ? [] : completeYaml(SCHEMAS.pipeline, place, NAMES).find(({ label }) => label === 'sources')
    expect(described).toMatchObject({ apply: 'sources:', about: expect.any(String) })
  })
})

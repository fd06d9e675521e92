import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { makeSchemas, SCHEMAS_DIR } from './make-schemas.ts'

const ROOT = join(import.meta.dirname, '..')
const SAMPLE = join(ROOT, 'resources', 'sample', 'rare-disease')
const schemas = makeSchemas()

function validator(name: string): ValidateFunction {
  return new Ajv({ strict: true, strictTypes: false, allErrors: true }).compile(JSON.parse(schemas[name] ?? ''))
}

function schemaOf(path: string): string {
  if (path.split(/[\\/]/).at(-2) === 'tests') return 'test.schema.json'
  if (basename(path) === 'strata.yaml') return 'strata.schema.json'
  return basename(path) === 'pipeline.yaml' ? 'pipeline.schema.json' : 'contract.schema.json'
}

describe('the JSON Schemas of workspace files', () => {
  it.each(Object.keys(schemas))('%s is what the code says (npm run schemas makes it again)', (name) => {
    expect(readFileSync(join(SCHEMAS_DIR, name), 'utf8')).toBe(schemas[name])
  })

  const files = readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'))
  it('find nothing wrong in the sample workspace', () => {
    expect(files.length).toBeGreaterThan(10)
    for (const path of files) {
      const validate = validator(schemaOf(path))
      validate(parse(readFileSync(join(SAMPLE, path), 'utf8')))
      expect({ path, errors: validate.errors ?? [] }).toEqual({ path, errors: [] })
    }
  })

  it.each([
    ['strata.schema.json', { name: 'x', lable: 'y' }],
    ['strata.schema.json', { name: 'x', limits: { memory: '4 apples' } }],
    ['pipeline.schema.json', { sources: { s: { format: 'csv' } } }],
    ['pipeline.schema.json', { sources: { s: { files: 'a.csv', tolerate: '101%' } } }],
    ['contract.schema.json', { columns: { a: { rules: ['not_nul'] } } }],
    ['contract.schema.json', { columns: { a: { rules: [{ not_null: {}, unique: {} }] } } }],
    ['test.schema.json', { step: 'curated.x', given: { 'raw.x': { a: 1 } }, expect: [] }],
    ['test.schema.json', { step: 'curated.x' }],
  ])('%s refuses what Strata refuses: %j', (name, value) => {
    expect(validator(name)(value)).toBe(false)
  })

  it.each(Object.keys(schemas))('%s describes every key', (name) => {
    expect(keysWithoutDescription(JSON.parse(schemas[name] ?? ''), name)).toEqual([])
  })
})

function keysWithoutDescription(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null ? Object.entries(schema.properties) : []
  const missing = own.flatMap(([key, value]: [string, unknown]) => (typeof value === 'object' && value !== null && 'description' in value ? [] : [`${path}.${key}`]))
  return [...missing, ...Object.entries(schema).flatMap(([key, value]: [string, unknown]) => keysWithoutDescription(value, `${path}.${key}`))]
}

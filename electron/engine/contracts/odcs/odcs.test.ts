import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { toColumn } from '../../../../shared/domain/table-query.ts'
import type { CheckSpec, StepModel, WorkspaceModel } from '../../workspace/model.ts'
import { type TestWorkspace, testWorkspace } from '../../workspace/test-workspace.ts'
import { addToContract } from '../suggest/add-to-contract.ts'
import { readOdcs } from './read-odcs.ts'
import { writeOdcs } from './write-odcs.ts'

/** The standard's own schema lies beside the project on some machines and is never part of it. */
const SCHEMA = fileURLToPath(new URL('../../../../../shared/data/standards/odcs/odcs-json-schema-v3.1.0.json', import.meta.url))

const CONTRACT = `description: One row a product.
key: product_id
columns:
  product_id:
    type: VARCHAR
    rules: [{ pattern: '[A-Z][0-9]{6}' }]
  drug_id:
    description: Whose it is.
    sensitive: true
    rules: [not_null, { relationship: { to: curated.drugs } }, { length: { min: 2, max: 8 } }]
  status:
    sensitive: false
    rules: [{ accepted_values: { values: [RX, DISCN], severity: warn } }, { nulls: 5% }]
  approved_on: { type: DATE, rules: [{ range: { min: 1900-01-01, max: today } }, { not_null: { severity: warn } }] }
  strength: { rules: [{ distinct: { min: 2 } }] }
unique: [[drug_id, strength]]
rows: { min: 1, max: 5000 }
growth: { min: -10%, severity: warn }
freshness: 30d
anomalies: { rows: 30% }
checks:
  - name: approved after 1900
    sql: SELECT * FROM curated.products WHERE approved_on < DATE '1900-01-01'
`

/** What the standard's schema says against a document; nothing on machines without it. */
function validate(document: unknown): unknown[] {
  if (!existsSync(SCHEMA)) return []
  const check = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))
  return check(document) ? [] : (check.errors ?? [])
}

let workspace: TestWorkspace
let model: WorkspaceModel
beforeAll(async () => {
  workspace = await testWorkspace({
    'strata.yaml': 'name: shop\n',
    'pipelines/drugs/curated/drugs.sql': "SELECT 'd1' AS drug_id",
    'pipelines/drugs/curated/products.sql': "SELECT 'A123456' AS product_id, 'd1' AS drug_id, 'RX' AS status, DATE '2020-01-01' AS approved_on, '5MG' AS strength",
    'pipelines/drugs/curated/products.yaml': CONTRACT,
  })
  model = await workspace.load()
})
afterAll(() => workspace[Symbol.asyncDispose]())

function products(of: WorkspaceModel): StepModel {
  const step = of.dataTypes.flatMap(({ steps }) => steps).find(({ dataset }) => dataset === 'drugs.curated.products')
  if (step === undefined) throw new Error('no step')
  return step
}

function exported(): string {
  const columns = ['product_id', 'drug_id', 'status', 'approved_on', 'strength'].map((name) => toColumn(name, name === 'approved_on' ? 'DATE' : 'VARCHAR'))
  return writeOdcs({ id: 'drugs.curated.products', name: 'Products', description: 'For tests', tables: [{ step: products(model), columns, version: 4 }] })
}

const ruleText = (check: CheckSpec): string => JSON.stringify(check.kind === 'sql' ? { ...check, sql: check.sql.trim() } : check, (_, value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value))

type Severity = 'warn' | 'quarantine' | 'block'
const whole = (severity: Severity): Severity => (severity === 'quarantine' ? 'block' : severity)

/** Every kind of rule there is, all with one severity; those of a dataset as a whole block where rows would go to quarantine. */
const everyKind = (severity: Severity, key: string): string => `description: "All: é \\"x\\""
key: { columns: ${key}, severity: ${severity} }
unique: [{ columns: [status, strength], severity: ${severity} }]
drift: ${whole(severity)}
quarantine: { max: 7% }
rows: { min: 1, max: 9, severity: ${whole(severity)} }
growth: { min: -7%, max: 29%, severity: ${whole(severity)} }
freshness: { max_age: 36h, column: approved_on, severity: ${whole(severity)} }
columns:
  product_id: { type: VARCHAR, rules: [{ pattern: { pattern: '[A-Z]\\d{6}', severity: ${severity} } }, { length: { min: 2, severity: ${severity} } }] }
  drug_id: { rules: [{ relationship: { to: curated.drugs, severity: ${severity} } }, { not_null: { severity: ${severity} } }] }
  status: { rules: [{ accepted_values: { values: [RX, 'true', true, 5, '5'], severity: ${severity} } }, { nulls: { max: 7%, severity: ${whole(severity)} } }, { unique: { severity: ${severity} } }] }
  approved_on: { type: DATE, rules: [{ range: { min: 1900-01-01, max: 'today - 2 years', severity: ${severity} } }] }
  strength: { rules: [{ distinct: { min: 2, max: 29%, severity: ${whole(severity)} } }] }
anomalies:
  over: 20
  at_least: 5
  rows: { within: 29%, severity: ${whole(severity)} }
  nulls: { columns: [status, strength], z: 3.5, severity: ${whole(severity)} }
  distinct: { columns: status, within: 7%, severity: ${whole(severity)} }
  shares: { columns: [status], within: 7%, severity: ${whole(severity)} }
checks:
  - name: approved after 1900
    severity: ${severity}
    sql: SELECT * FROM curated.products WHERE approved_on < DATE '1900-01-01'
`

describe('the Open Data Contract Standard', () => {
  it('is written from a contract that has no mistakes', () => {
    expect(model.findings).toEqual([])
    expect(parse(exported())).toMatchObject({ apiVersion: 'v3.1.0', kind: 'DataContract', version: '4.0.0', status: 'active', schema: [{ name: 'drugs__curated__products', properties: [{ name: 'product_id', primaryKey: true, logicalType: 'string' }, { name: 'drug_id', required: true, relationships: [{ to: 'drugs__curated__drugs.drug_id' }] }, {}, { logicalType: 'date' }, {}] }] })
  })

  it.skipIf(!existsSync(SCHEMA))(`keeps to the standard's own schema${existsSync(SCHEMA) ? '' : ' (needs shared/data/standards beside the project)'}`, () => {
    expect(validate(parse(exported()))).toEqual([])
  })

  it('gives the same rules when it is read again, and leaves nothing out', async () => {
    const { additions, leftOut } = readOdcs(exported(), 'drugs.curated.products')
    expect(leftOut).toEqual([])
    await workspace.write({ 'pipelines/drugs/curated/products.yaml': addToContract(null, additions) })
    const again = await workspace.load()
    expect(again.findings).toEqual([])
    const rules = (of: WorkspaceModel): string[] => (products(of).contract?.checks ?? []).filter(({ kind }) => kind !== 'type').map(ruleText).toSorted()
    expect(rules(again)).toEqual(rules(model))
    const sensitive = (of: WorkspaceModel): unknown => products(of).contract?.columns.map((column) => [column.name, column.sensitive])
    expect(sensitive(again)).toEqual(sensitive(model))
    expect(sensitive(again)).toContainEqual(['drug_id', true])
  })

  it.each((['warn', 'quarantine', 'block'] as const).flatMap((severity) => ['product_id', '[product_id, drug_id]'].map((key) => ({ severity, key }))))(
    'keeps every kind of rule with severity $severity, key $key',
    async ({ severity, key }) => {
      await workspace.write({ 'pipelines/drugs/curated/products.yaml': everyKind(severity, key) })
      model = await workspace.load()
      expect(model.findings).toEqual([])
      const document = exported()
      expect(validate(parse(document))).toEqual([])
      const { additions, leftOut } = readOdcs(document, 'drugs.curated.products')
      expect(leftOut).toEqual([])
      await workspace.write({ 'pipelines/drugs/curated/products.yaml': addToContract(null, additions) })
      const again = await workspace.load()
      expect(again.findings).toEqual([])
      const promise = (of: WorkspaceModel): unknown => ({ rules: (products(of).contract?.checks ?? []).filter(({ kind }) => kind !== 'type').map(ruleText).toSorted(), drift: products(of).drift, description: products(of).contract?.description, key: products(of).contract?.key })
      expect(promise(again)).toEqual(promise(model))
    },
  )

  it('of others is read as far as there are words for it', () => {
    const { additions, leftOut } = readOdcs('kind: DataContract\napiVersion: v3.1.0\nprice: { priceAmount: 1 }\nschema:\n  - name: t\n    properties:\n      - { name: a, logicalType: integer, logicalTypeOptions: { minimum: 0, multipleOf: 5 }, required: true, classification: public }\n      - { name: b, physicalType: NVARCHAR2(9), classification: internal, quality: [{ type: text, description: nice }] }\n', 'drugs.curated.products')
    expect(additions).toEqual([
      { kind: 'column', column: 'a', type: 'BIGINT', sensitive: false }, { kind: 'rule', column: 'a', rule: 'not_null' }, { kind: 'rule', column: 'a', rule: { range: { min: 0 } } }, { kind: 'column', column: 'b' },
    ])
    expect(leftOut).toEqual(['price', 'a.logicalTypeOptions.multipleOf', 'b.physicalType: NVARCHAR2(9) is no type of DuckDB', 'b.classification: internal', 'b.quality: text'])
    expect(() => readOdcs('a: 1', 'x.y.z')).toThrow(/no document of the Open Data Contract Standard/)
  })
})

import { describe, expect, it } from 'vitest'
import { type ContractAddition, withSeverity } from '../../../../shared/domain/contract-addition.ts'
import { addToContract } from './add-to-contract.ts'

const WRITTEN = `# The products of the register.
description: One row a product. # as sold
columns:
  # The register's own number.
  product_id:
    rules:
      - not_null # always
  records: BIGINT
  note:
rows: { min: 1 }
`

describe('adding to a contract', () => {
  it('keeps comments, order and what is there', () => {
    expect(addToContract(WRITTEN, [
      { kind: 'key', columns: ['product_id'] },
      { kind: 'rule', column: 'product_id', rule: { pattern: '[A-Z][0-9]{6}' } },
      { kind: 'rule', column: 'records', rule: { range: { min: 0 } } },
      { kind: 'rule', column: 'note', rule: 'not_null' },
      { kind: 'rule', column: 'kind', rule: { accepted_values: ['a', 'b'] } },
    ])).toBe(`# The products of the register.
description: One row a product. # as sold
columns:
  # The register's own number.
  product_id:
    rules:
      - not_null # always
      - { pattern: "[A-Z][0-9]{6}" }
  records:
    type: BIGINT
    rules:
      - { range: { min: 0 } }
  note:
    rules:
      - not_null
  kind:
    rules:
      - { accepted_values: [ a, b ] }
rows: { min: 1 }
key: product_id
`)
  })

  it('says what a broken rule does where that is not to block', () => {
    const rules: ContractAddition[] = [
      { kind: 'key', columns: ['id'] },
      { kind: 'rule', column: 'id', rule: 'unique' },
      { kind: 'rule', column: 'kind', rule: { accepted_values: ['a', 'b'] } },
      { kind: 'rule', column: 'code', rule: { pattern: '[A-Z]{3}' } },
      { kind: 'rule', column: 'n', rule: { range: { min: 0 } } },
      { kind: 'rule', column: 'drug', rule: { relationship: { to: 'drugs.curated.drugs' } } },
    ]
    expect(addToContract(null, rules.map((rule) => withSeverity(rule, 'quarantine')))).toBe(`key: id
columns:
  id:
    rules:
      - { unique: { severity: quarantine } }
  kind:
    rules:
      - { accepted_values: { values: [ a, b ], severity: quarantine } }
  code:
    rules:
      - { pattern: { pattern: "[A-Z]{3}", severity: quarantine } }
  n:
    rules:
      - { range: { min: 0, severity: quarantine } }
  drug:
    rules:
      - { relationship: { to: drugs.curated.drugs, severity: quarantine } }
`)
    expect(rules.map((rule) => withSeverity(rule, 'block'))).toEqual(rules)
  })

  it('begins a file where there is none', () => {
    expect(addToContract(null, [{ kind: 'key', columns: ['a', 'b'] }])).toBe('key: [ a, b ]\n')
  })

  it('refuses what would be no contract, and a file that is no YAML', () => {
    expect(() => addToContract(null, [{ kind: 'rule', column: 'a', rule: { rhyme: true } }])).toThrow(/That would be no contract/)
    expect(() => addToContract('a: [', [{ kind: 'key', columns: ['a'] }])).toThrow(/no YAML/)
  })
})

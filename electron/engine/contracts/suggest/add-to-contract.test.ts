import { describe, expect, it } from 'vitest'
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

  it('begins a file where there is none', () => {
    expect(addToContract(null, [{ kind: 'key', columns: ['a', 'b'] }])).toBe('key: [ a, b ]\n')
  })

  it('refuses what would be no contract, and a file that is no YAML', () => {
    expect(() => addToContract(null, [{ kind: 'rule', column: 'a', rule: { rhyme: true } }])).toThrow(/That would be no contract/)
    expect(() => addToContract('a: [', [{ kind: 'key', columns: ['a'] }])).toThrow(/no YAML/)
  })
})

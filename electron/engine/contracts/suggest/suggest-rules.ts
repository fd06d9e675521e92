import type { ContractAddition } from '../../../../shared/domain/contract-addition.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { ColumnProfile, TableProfile } from '../../workers/suggest.wire.ts'
import type { DatasetContract } from '../../workspace/model.ts'

export interface RuleSuggestion {
  addition: ContractAddition
  evidence: string
}

interface Facts {
  profile: TableProfile
  columns: readonly Column[]
  /** What is promised already. */
  contract: DatasetContract | null
  /** Today as ISO text. */
  today: string
}

/** Fewer rows say nothing about what is always so. */
const LEAST_ROWS = 20

/** Rules that the data keep and the contract does not have yet. Pure: the same profile gives the same suggestions. */
export function suggestRules({ profile, columns, contract, today }: Facts): RuleSuggestion[] {
  if (profile.total < LEAST_ROWS) return []
  const has = (kind: string, column: string): boolean => (contract?.checks ?? []).some((check) => check.kind === kind && ('column' in check ? check.column === column : 'columns' in check && check.columns.length === 1 && check.columns[0] === column))
  const key = (contract?.key ?? []).length > 0 ? null : keyOf(profile)
  return [
    ...(key === null ? [] : [{ addition: { kind: 'key' as const, columns: [key.name] }, evidence: `${count(key.distinct)} different values in ${count(profile.total)} rows, none without` }]),
    ...profile.columns.flatMap((column) => {
      const type = columns.find(({ name }) => name === column.name)
      if (type === undefined) return []
      const suggested = [
        ...(column.name === key?.name ? [] : presence(column, profile.total)),
        ...choices(column, type, profile.total),
        ...shape(column, profile.total),
        ...bounds(column, type, today),
        ...references(column, profile),
      ]
      return suggested.filter(({ kind }) => !has(kind, column.name)).map(({ rule, evidence }): RuleSuggestion => ({ addition: { kind: 'rule', column: column.name, rule }, evidence }))
    }),
  ]
}

interface ColumnRule {
  kind: string
  rule: Extract<ContractAddition, { kind: 'rule' }>['rule']
  evidence: string
}

/** The first column whose values all differ; one that is called so goes before. */
function keyOf({ total, columns }: TableProfile): ColumnProfile | null {
  const unique = columns.filter(({ isExact, distinct, nulls }) => isExact && nulls === 0 && distinct === total)
  return unique.find(({ name }) => /(^|_)(id|code|key|number|no)$/i.test(name)) ?? unique[0] ?? null
}

function presence({ nulls, isExact, distinct }: ColumnProfile, total: number): ColumnRule[] {
  const filled: ColumnRule[] = nulls === 0 ? [{ kind: 'not_null', rule: 'not_null', evidence: `All ${count(total)} rows have it` }] : []
  const unique: ColumnRule[] = isExact && distinct === total - nulls ? [{ kind: 'unique', rule: 'unique', evidence: `${count(distinct)} values, none twice` }] : []
  return [...filled, ...unique]
}

/** Of a list of choices every one occurs often. */
const LEAST_OCCURRENCES = 5
const MOST_CHOICES = 12

function choices({ values, nulls }: ColumnProfile, { kind }: Column, total: number): ColumnRule[] {
  if (values === null || kind !== 'text' || values.length === 0 || values.length > MOST_CHOICES) return []
  if ((total - nulls) / values.length < LEAST_OCCURRENCES) return []
  return [{ kind: 'accepted_values', rule: { accepted_values: values.map(({ value }) => value) }, evidence: `${count(values.length)} ${values.length === 1 ? 'value' : 'values'}: ${values.map(({ value, count: n }) => `${value} ${count(n)}`).join(', ')}` }]
}

/** Identifiers have one shape: digits in them, the same length. */
function shape({ shapes, nulls }: ColumnProfile, total: number): ColumnRule[] {
  const [first] = shapes ?? []
  if (shapes?.length !== 1 || first === undefined || !first.shape.includes('9') || /\s/.test(first.shape)) return []
  return [{ kind: 'pattern', rule: { pattern: patternOf(first.shape) }, evidence: `All ${count(total - nulls)} values look like ${first.shape}` }]
}

const CLASSES: Readonly<Record<string, string>> = { 9: '[0-9]', A: '[A-Z]', a: '[a-z]' }

/** `AAA99999999` is `[A-Z]{3}[0-9]{8}`. */
export function patternOf(text: string): string {
  return [...text.matchAll(/(.)\1*/gsu)].map(([run, char = '']) => {
    const one = CLASSES[char] ?? char.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
    const length = [...run].length
    return length === 1 ? one : `${one}{${length}}`
  }).join('')
}

/** The side that tells what a value cannot be; the other one only tells what it has not been yet. */
function bounds({ min, max, distinct }: ColumnProfile, { kind }: Column, today: string): ColumnRule[] {
  if (min === null || max === null || distinct < 2) return []
  const evidence = `From ${min} to ${max}`
  if (kind === 'number' && Number(min) >= 0) return [{ kind: 'range', rule: { range: { min: Number(min) >= 1 && Number.isInteger(Number(min)) && Number(min) === 1 ? 1 : 0 } }, evidence }]
  if ((kind === 'date' || kind === 'timestamp') && max.slice(0, 10) <= today) return [{ kind: 'range', rule: { range: { max: 'today' } }, evidence }]
  return []
}

function references({ name }: ColumnProfile, { references: found }: TableProfile): ColumnRule[] {
  const [first] = found.filter(({ column }) => column === name)
  if (first === undefined) return []
  return [{ kind: 'relationship', rule: { relationship: { to: first.to } }, evidence: `All ${count(first.values)} values are a ${first.toColumn} of ${first.to}` }]
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

import type { CheckSpec } from '../workspace/model.ts'

/** What came of a rule, in words with numbers. */

export interface RuleCount {
  failing: number
  total: number
}

type RuleOf<Kind extends CheckSpec['kind']> = Extract<CheckSpec, { kind: Kind }>
type ValueRule = RuleOf<'not_null' | 'accepted_values' | 'range' | 'pattern' | 'length' | 'relationship'>

/** For rules about the rows of a column. */
export function rowRuleMessage(rule: ValueRule, { failing, total }: RuleCount): string {
  if (total === 0) return 'There are no rows'
  if (failing === 0) return passedMessage(rule)
  return `${share({ failing, total })} ${have(failing)} ${failedWords(rule)}`
}

function passedMessage(rule: ValueRule): string {
  switch (rule.kind) {
    case 'not_null':
      return `Every row has ${rule.column}`
    case 'accepted_values':
      return `Every ${rule.column} is one of ${listValues(rule.values)}`
    case 'range':
      return `Every ${rule.column} is ${rangeWords(rule, 'inside')}`
    case 'pattern':
      return `Every ${rule.column} matches ${rule.pattern}`
    case 'length':
      return `Every ${rule.column} is ${lengthWords(rule, 'inside')} long`
    case 'relationship':
      return `Every ${rule.column} is ${a(rule.toColumn)} of ${rule.to}`
  }
}

function failedWords(rule: ValueRule): string {
  switch (rule.kind) {
    case 'not_null':
      return `no ${rule.column}`
    case 'accepted_values':
      return `${a(rule.column)} other than ${listValues(rule.values)}`
    case 'range':
      return `${a(rule.column)} ${rangeWords(rule, 'outside')}`
    case 'pattern':
      return `${a(rule.column)} that does not match ${rule.pattern}`
    case 'length':
      return `${a(rule.column)} ${lengthWords(rule, 'outside')}`
    case 'relationship':
      return `${a(rule.column)} that is no ${rule.toColumn} of ${rule.to}`
  }
}

export function uniqueMessage(columns: readonly string[], { failing, total }: RuleCount, keys: number): string {
  const key = columns.join(' + ')
  if (total === 0) return 'There are no rows'
  if (failing === 0) return `Every ${key} occurs once`
  return `${share({ failing, total })} share their ${key} with another row (${number(keys)} ${keys === 1 ? 'value' : 'values'})`
}

export function rowCountMessage({ min, max }: RuleOf<'row_count'>, total: number): string {
  if (min !== null && total < min) return `${rows(total)}, fewer than the ${number(min)} expected`
  if (max !== null && total > max) return `${rows(total)}, more than the ${number(max)} allowed`
  return `${rows(total)}, as expected`
}

export function quarantinedMessage({ failing, total }: RuleCount): string {
  if (failing === 0) return total === 0 ? 'There are no rows' : 'No row breaks the rule'
  return `${share({ failing, total })} ${failing === 1 ? 'breaks' : 'break'} the rule and ${failing === 1 ? 'is' : 'are'} in quarantine`
}

export function quarantineSizeMessage({ failing, total }: RuleCount, { allowed, passed }: { allowed: string; passed: boolean }): string {
  return `${share({ failing, total })} ${failing === 1 ? 'is' : 'are'} in quarantine, ${passed ? 'not more than' : 'more than'} the ${allowed} allowed`
}

export function sqlRuleMessage(failing: number): string {
  return failing === 0 ? 'No row breaks the rule' : `${rows(failing)} ${failing === 1 ? 'breaks' : 'break'} the rule`
}

export function typeMessage(column: string, actual: string, expected: string): string {
  return actual === expected ? `${column} is ${actual}` : `${column} is ${actual}, the contract says ${expected}`
}

function rangeWords({ min, max }: RuleOf<'range'>, side: 'inside' | 'outside'): string {
  if (min !== null && max !== null) return `${side === 'inside' ? 'from' : 'outside'} ${min} to ${max}`
  if (min !== null) return side === 'inside' ? `at least ${min}` : `below ${min}`
  return side === 'inside' ? `at most ${max}` : `above ${max}`
}

/** Characters, or elements of a list. */
function lengthWords({ min, max }: RuleOf<'length'>, side: 'inside' | 'outside'): string {
  if (min !== null && min === max) return side === 'inside' ? `exactly ${number(min)}` : `that is not ${number(min)} long`
  if (min !== null && max !== null) return side === 'inside' ? `${number(min)} to ${number(max)}` : `that is not ${number(min)} to ${number(max)} long`
  if (min !== null) return side === 'inside' ? `at least ${number(min)}` : `shorter than ${number(min)}`
  return side === 'inside' ? `at most ${number(max ?? 0)}` : `longer than ${number(max ?? 0)}`
}

/** What is wrong with a value that breaks a rule, after "status is "new", ". */
export function brokenWords(rule: CheckSpec): string {
  switch (rule.kind) {
    case 'accepted_values':
      return `not one of ${listValues(rule.values)}`
    case 'range':
      return rangeWords(rule, 'outside')
    case 'pattern':
      return `which does not match ${rule.pattern}`
    case 'length':
      return `which is not ${lengthWords(rule, 'inside')} long`
    case 'unique':
      return 'which occurs in more than one row'
    case 'relationship':
      return `which is no ${rule.toColumn} of ${rule.to}`
    default:
      return `which breaks ${rule.rule}`
  }
}

const SHOWN_VALUES = 8

function listValues(values: readonly (string | number | boolean)[]): string {
  const rest = values.length - SHOWN_VALUES
  return values.slice(0, SHOWN_VALUES).map(String).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** With its article. */
function a(name: string): string {
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`
}

function share({ failing, total }: RuleCount): string {
  return `${number(failing)} of ${number(total)} rows`
}

function have(count: number): string {
  return count === 1 ? 'has' : 'have'
}

function rows(count: number): string {
  return `${number(count)} ${count === 1 ? 'row' : 'rows'}`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

import { RE2JS } from 're2js'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { RowRule } from '../check-sql.ts'
import { exactNumber } from './exact-number.ts'
import { compareValues, type ExactReading, type ExactValue, exactValue } from './exact-value.ts'

/** `unknown`: only DuckDB can tell, and the next run will. */
export type Verdict = 'holds' | 'broken' | 'unknown'

/** Judges a text that a column is to hold. */
export type RecordRule = (text: string | null) => Verdict

/** A rule about single rows as a function of one value: what `rowCondition` is in SQL. A value that is null breaks `not_null` only. */
export function recordRule(rule: RowRule, column: Column): RecordRule {
  if (rule.kind === 'not_null') return (text) => (text === null ? 'broken' : 'holds')
  const judge = judgeOf(rule, column)
  return (text) => {
    if (text === null) return 'holds'
    const value = exactValue(text, column.type)
    // What is no value of the type is told of the type, not of each rule.
    return value === 'misfit' || value === 'unknown' ? 'unknown' : judge(value)
  }
}

type Judge = (value: ExactValue) => Verdict

function judgeOf(rule: Exclude<RowRule, { kind: 'not_null' }>, column: Column): Judge {
  switch (rule.kind) {
    case 'accepted_values':
      return acceptedJudge(rule.values, column)
    case 'pattern':
      return patternJudge(rule.pattern)
    case 'length':
      return lengthJudge(rule)
    case 'range':
      return rangeJudge(rule, column)
  }
}

const verdict = (holds: boolean): Verdict => (holds ? 'holds' : 'broken')

function acceptedJudge(values: readonly (string | number | boolean)[], column: Column): Judge {
  const accepted = values.map((value) => ruleValue(value, column))
  return (value) => {
    const compared = accepted.map((one) => (isValue(one) ? compareValues(value, one) : null))
    return compared.includes(0) ? 'holds' : compared.includes(null) ? 'unknown' : 'broken'
  }
}

function isValue(reading: ExactReading): reading is ExactValue {
  return reading !== 'misfit' && reading !== 'unknown'
}

/** A value of the contract as it compares with the column: a number stays as it is written, 3.5 also beside whole numbers. */
function ruleValue(value: string | number | boolean, { type, kind }: Column): ExactReading {
  const text = String(value).trim()
  if (kind === 'number' && type !== 'DOUBLE' && type !== 'FLOAT') {
    // With an exponent it is a floating-point number to DuckDB.
    const number = /e/i.test(text) ? null : exactNumber(text)
    return number === null ? 'unknown' : { kind: 'exact', number, shown: text }
  }
  if (kind === 'boolean') return /^(true|1)$/i.test(text) ? { kind: 'boolean', shown: 'true' } : /^(false|0)$/i.test(text) ? { kind: 'boolean', shown: 'false' } : 'unknown'
  return exactValue(type === 'VARCHAR' ? String(value) : text, type)
}

/** RE2JS is RE2 without its bytes: what asks for one is left to DuckDB, and what is no pattern to what reads the contract. */
function patternJudge(pattern: string): Judge {
  const compiled = pattern.includes('\\C') ? null : compilePattern(pattern)
  return (value) => ('shown' in value && compiled !== null ? verdict(compiled.matches(value.shown)) : 'unknown')
}

function compilePattern(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern)
  } catch {
    return null
  }
}

/** Characters are code points. */
function lengthJudge({ min, max }: Extract<RowRule, { kind: 'length' }>): Judge {
  return (value) => {
    if (!('shown' in value)) return 'unknown'
    const length = [...value.shown].length
    return verdict((min === null || length >= min) && (max === null || length <= max))
  }
}

function rangeJudge({ min, max }: Extract<RowRule, { kind: 'range' }>, column: Column): Judge {
  if (column.type === 'VARCHAR' && (typeof min === 'number' || typeof max === 'number')) return numberTextJudge(min, max)
  const bounds = { min: min === null ? null : ruleValue(min, column), max: max === null ? null : ruleValue(max, column) }
  const side = (value: ExactValue, bound: ExactReading | null): number | null => (bound === null ? 0 : isValue(bound) ? compareValues(value, bound) : null)
  return (value) => {
    const [low, high] = [side(value, bounds.min), side(value, bounds.max)]
    return low === null || high === null ? 'unknown' : verdict(low >= 0 && high <= 0)
  }
}

/** Numbers in a text column compare as numbers; text that is no number is out of any range. */
function numberTextJudge(min: string | number | null, max: string | number | null): Judge {
  const bound = (of: string | number | null, none: number): number => (of === null ? none : Number(of))
  const [low, high] = [bound(min, -Infinity), bound(max, Infinity)]
  return (value) => {
    const reading = 'shown' in value ? exactValue(value.shown, 'DOUBLE') : 'unknown'
    if (reading === 'misfit') return 'shown' in value && /^[^\d_]*$/.test(value.shown) ? 'broken' : 'unknown'
    if (!isValue(reading) || reading.kind !== 'floating' || Number.isNaN(low) || Number.isNaN(high)) return 'unknown'
    return verdict(reading.number >= low && reading.number <= high)
  }
}

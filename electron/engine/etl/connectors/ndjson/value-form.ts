/** How values of a declared type are written where it takes no further look to know that they fit, and what DuckDB makes of them. */
export type ValueForm =
  | { kind: 'any' }
  | { kind: 'boolean' }
  | { kind: 'whole'; isSigned: boolean; maxDigits: number; max: number }
  | { kind: 'decimal'; wholeDigits: number; scale: number }
  | { kind: 'real' }
  | { kind: 'day' }
  | { kind: 'moment' }

/** So many digits a double keeps. */
export const EXACT_DIGITS = 15
const BIGINT_DIGITS = 18

const WHOLE_BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32 }

/** @param type as `readColumnType` gives it; null where each value needs the whole look */
export function valueForm(type: string): ValueForm | null {
  const whole = wholeForm(type)
  if (whole !== null) return whole
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type)
  if (decimal !== null) return { kind: 'decimal', wholeDigits: Number(decimal[1]) - Number(decimal[2]), scale: Number(decimal[2]) }
  switch (type) {
    case 'VARCHAR':
    case 'JSON':
      return { kind: 'any' }
    case 'BOOLEAN':
      return { kind: 'boolean' }
    case 'DOUBLE':
      return { kind: 'real' }
    case 'DATE':
      return { kind: 'day' }
    case 'TIMESTAMP':
      return { kind: 'moment' }
    default:
      return null
  }
}

function wholeForm(type: string): ValueForm | null {
  const isSigned = !type.startsWith('U')
  const name = isSigned ? type : type.slice(1)
  if (name === 'BIGINT') return { kind: 'whole', isSigned, maxDigits: BIGINT_DIGITS, max: Infinity }
  const bits = WHOLE_BITS[name]
  if (bits === undefined) return null
  const max = 2 ** (isSigned ? bits - 1 : bits) - 1
  return { kind: 'whole', isSigned, maxDigits: String(max).length, max }
}

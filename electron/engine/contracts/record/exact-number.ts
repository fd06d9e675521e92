/** A number as it is written, with all its digits: `digits` times ten to the power of `-scale`. */
export interface ExactNumber {
  digits: bigint
  scale: number
}

const WRITTEN = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i

/** Null for a text that is no plain number. */
export function exactNumber(text: string): ExactNumber | null {
  const [, sign, whole = '', fraction = '', exponent = '0'] = WRITTEN.exec(text) ?? []
  if (sign === undefined || whole + fraction === '') return null
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

/** Below zero: `a` is the lesser. */
export function compareNumbers(a: ExactNumber, b: ExactNumber): number {
  const scale = Math.max(a.scale, b.scale)
  const difference = scaled(a, scale) - scaled(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Digits at a scale that is not less than the number's own. */
export function scaled({ digits, scale }: ExactNumber, to: number): bigint {
  return digits * 10n ** BigInt(to - scale)
}

/** What a number format makes of the number in a cell, as far as it decides what the value is. */
export type NumberMeaning = 'number' | 'date' | 'time' | 'elapsed'

/** ECMA-376 part 1, 18.8.30, and what Excel adds in East Asian locales. */
const BUILT_IN: Readonly<Record<number, NumberMeaning>> = {
  14: 'date', 15: 'date', 16: 'date', 17: 'date', 18: 'time', 19: 'time', 20: 'time', 21: 'time', 22: 'date',
  27: 'date', 28: 'date', 29: 'date', 30: 'date', 31: 'date', 32: 'time', 33: 'time', 34: 'time', 35: 'time', 36: 'date',
  45: 'time', 46: 'elapsed', 47: 'time', 50: 'date', 51: 'date', 52: 'date', 53: 'date', 54: 'date', 55: 'time', 56: 'time', 57: 'date', 58: 'date',
}

export function builtInMeaning(id: number): NumberMeaning {
  return BUILT_IN[id] ?? 'number'
}

const ELAPSED = /\[(h+|m+|s+)\]/i
/** Text in quotes, an escaped or padding character, [colour], [condition], [$-locale]; none of it is a placeholder. */
const NO_PLACEHOLDER = /"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]/g

/** Reads a format code such as `yyyy\-mm\-dd hh:mm`: letters decide, and m is a month unless hours or seconds stand beside it. */
export function formatMeaning(code: string): NumberMeaning {
  const [section = ''] = code.replaceAll(/"[^"]*"?|\\./g, '').split(';')
  if (ELAPSED.test(section)) return 'elapsed'
  const plain = section.replaceAll(NO_PLACEHOLDER, '').toLowerCase()
  if (plain === 'general' || plain.includes('general')) return 'number'
  const letters = plain.replaceAll(/am\/pm|a\/p/g, 'h').replaceAll(/e[+-]/g, '')
  if (/[yd]/.test(letters)) return 'date'
  if (/[hs]/.test(letters)) return 'time'
  return letters.includes('m') ? 'date' : 'number'
}

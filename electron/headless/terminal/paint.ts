export type Style = 'plain' | 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Puts a style around a text, where the terminal shows colors. */
export type Paint = (text: string, style: Style) => string

const CODES: Readonly<Record<Exclude<Style, 'plain'>, [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

export function createPaint(enabled: boolean): Paint {
  return (text, style) => {
    if (!enabled || style === 'plain' || text === '') return text
    const [on, off] = CODES[style]
    return `\u001b[${on}m${text}\u001b[${off}m`
  }
}

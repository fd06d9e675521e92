import type { Terminal } from './terminal.ts'

/** Lines at the end of a terminal that are drawn again in place. */
export interface LiveBlock {
  draw(lines: readonly string[]): void
  /** Leaves the last drawing standing. */
  end(): void
}

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
/** A line that wraps would break the count of lines to go up; the terminal cuts it instead. */
const WRAP_OFF = '\u001b[?7l'
const WRAP_ON = '\u001b[?7h'

/** What scrolled out of the terminal's height cannot be drawn again, so only the last lines that fit are drawn. */
export function createLiveBlock(terminal: Pick<Terminal, 'raw' | 'rows'>): LiveBlock {
  let drawn = 0
  let last: string | null = null
  return {
    draw(lines) {
      const visible = lines.slice(-Math.max(1, terminal.rows - 1))
      const text = visible.map((line) => `${line}\n`).join('')
      if (text === last) return
      const back = drawn === 0 ? HIDE_CURSOR : `\u001b[${drawn}A\r\u001b[J`
      terminal.raw(`${back}${WRAP_OFF}${text}${WRAP_ON}`)
      drawn = visible.length
      last = text
    },
    end() {
      if (last !== null) terminal.raw(SHOW_CURSOR)
      last = null
      drawn = 0
    },
  }
}

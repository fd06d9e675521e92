import { createPaint, type Paint } from './paint.ts'
import { formatTable, type Cell, type TableColumn } from './table.ts'

/** Where a command writes what it found: stdout for results, stderr for everything about getting them. */
export interface Terminal {
  /** A person watches: lines may be rewritten. */
  readonly isLive: boolean
  /** Height in lines. */
  readonly rows: number
  readonly paint: Paint
  line(text?: string): void
  table(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[]): void
  /** One JSON document, indented when a person looks at it. */
  json(value: unknown): void
  /** One line of NDJSON. */
  jsonLine(value: unknown): void
  /** Text as it is, without a line break of its own. */
  raw(text: string): void
  /** A remark on stderr. */
  note(text: string): void
}

interface TerminalOptions {
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
}

export function createTerminal({ stdout, stderr, env }: TerminalOptions): Terminal {
  const paint = createPaint(showsColor(stdout, env))
  const line = (text = ''): void => void stdout.write(`${text}\n`)
  return {
    isLive: stdout.isTTY && env['TERM'] !== 'dumb',
    get rows() {
      return stdout.isTTY ? stdout.rows : 24
    },
    paint,
    line,
    table(columns, rows) {
      for (const text of formatTable(columns, rows, paint)) line(text)
    },
    json: (value) => line(stdout.isTTY ? JSON.stringify(value, null, 2) : JSON.stringify(value)),
    jsonLine: (value) => line(JSON.stringify(value)),
    raw: (text) => void stdout.write(text),
    note: (text) => void stderr.write(`${text}\n`),
  }
}

/** https://no-color.org: any value that is not empty turns color off; FORCE_COLOR turns it on where there is no terminal. */
function showsColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  if ((env['FORCE_COLOR'] ?? '0') !== '0') return true
  return stream.isTTY && env['TERM'] !== 'dumb'
}

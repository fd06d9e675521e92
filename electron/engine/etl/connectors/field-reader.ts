import type { CsvDialect } from './csv-text.ts'

export const BAD_QUOTES = 'a quoted field is not closed, or goes on behind its closing quote'

/**
 * The fields of one record, line by line, by the rules of DuckDB's strict reader: a quote encloses only at the beginning of a field, an
 * empty field is null, a quoted empty one an empty text.
 */
export class FieldReader {
  readonly #dialect: CsvDialect
  readonly #nullText: ReadonlySet<string>
  #fields: (string | null)[] = []
  #problem: string | null = null
  /** Of a quoted field that goes on in the next line. */
  #open: string | null = null

  constructor(dialect: CsvDialect, nullText: readonly string[]) {
    this.#dialect = dialect
    this.#nullText = new Set(['', ...nullText])
  }

  get isOpen(): boolean {
    return this.#open !== null
  }

  read(line: string): void {
    let at = this.#open === null ? this.#field(line, 0) : this.#quoted(line, 0)
    while (this.#open === null && at < line.length) at = this.#field(line, at + this.#dialect.delimiter.length)
  }

  /** The record goes on behind a line break inside quotes. */
  goOn(lineBreak: string): void {
    if (this.#open !== null) this.#open += lineBreak
  }

  take(): { fields: (string | null)[]; problem: string | null } {
    const taken = { fields: this.#fields, problem: this.#problem }
    this.#fields = []
    this.#problem = null
    this.#open = null
    return taken
  }

  /** Reads the field that begins here; gives where it ends. */
  #field(line: string, at: number): number {
    const { delimiter, quote } = this.#dialect
    if (quote !== '' && line.startsWith(quote, at)) {
      this.#open = ''
      return this.#quoted(line, at + quote.length)
    }
    const end = endOf(line, delimiter, at)
    const value = line.slice(at, end)
    this.#fields.push(this.#nullText.has(value) ? null : value)
    return end
  }

  #quoted(line: string, from: number): number {
    const { delimiter, quote, escape } = this.#dialect
    let value = this.#open ?? ''
    for (let at = from; ; ) {
      const next = firstOf(line, [quote, escape], at)
      if (next === -1) {
        this.#open = value + line.slice(at)
        return line.length
      }
      value += line.slice(at, next)
      const isEscape = line[next] === escape && (line[next + 1] === quote || line[next + 1] === escape)
      if (isEscape) {
        value += line[next + 1] ?? ''
        at = next + 2
      } else if (line[next] === quote) {
        return this.#close(line, { value, at: next + 1, delimiter })
      } else {
        value += line[next] ?? ''
        at = next + 1
      }
    }
  }

  #close(line: string, { value, at, delimiter }: { value: string; at: number; delimiter: string }): number {
    this.#open = null
    const end = endOf(line, delimiter, at)
    if (end !== at) this.#problem = BAD_QUOTES
    this.#fields.push(value + line.slice(at, end))
    return end
  }
}

function endOf(line: string, delimiter: string, from: number): number {
  const end = line.indexOf(delimiter, from)
  return end === -1 ? line.length : end
}

function firstOf(line: string, [a, b]: readonly [string, string], from: number): number {
  const first = line.indexOf(a, from)
  if (a === b || b === '') return first
  const second = line.indexOf(b, from)
  return first === -1 || (second !== -1 && second < first) ? second : first
}

import { didYouMean, isReservedName, quoteIdentifier } from '../../../shared/domain/naming.ts'

/**
 * DuckDB types as people declare them in YAML. They become part of SQL text unquoted, so they are parsed here, not passed on:
 * what comes out is built from a closed list of names.
 */

export type ColumnTypeReading = { ok: true; type: string } | { ok: false; problem: string; suggestion: string | null }

/** DuckDB's names for its scalar types (duckdb_types(), 1.5), each with the names it also answers to. */
const SCALARS: Readonly<Record<string, string>> = {
  BOOLEAN: 'bool logical', TINYINT: 'int1', SMALLINT: 'int2 int16 short', INTEGER: 'int int4 int32 integral signed', BIGINT: 'int8 int64 long',
  HUGEINT: 'int128', UTINYINT: 'uint8', USMALLINT: 'uint16', UINTEGER: 'uint32', UBIGINT: 'uint64', UHUGEINT: 'uint128', BIGNUM: 'varint',
  FLOAT: 'float4 real', DOUBLE: 'float8', VARCHAR: 'text string char bpchar nvarchar', JSON: '', UUID: 'guid', BLOB: 'bytea binary varbinary',
  BIT: 'bitstring', DATE: '', TIME: '', TIMESTAMP: 'datetime timestamp_us', TIMESTAMP_S: '', TIMESTAMP_MS: '', TIMESTAMP_NS: '',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz', 'TIME WITH TIME ZONE': 'timetz', INTERVAL: '',
}
const CANONICAL = new Map(Object.entries(SCALARS).flatMap(([type, others]) => [type.toLowerCase(), ...others.split(' ')].filter((name) => name !== '').map((name) => [name, type] as const)))
const KNOWN = [...Object.keys(SCALARS), 'DECIMAL', 'STRUCT', 'MAP', ...CANONICAL.keys()].map((name) => name.toUpperCase())
/** Names of several words, longest first, as one token each. */
const PHRASES: readonly [RegExp, string][] = [
  [/\b(timestamp|time)\s+with\s+time\s+zone\b/gi, '$1tz'],
  [/\b(timestamp|time)\s+without\s+time\s+zone\b/gi, '$1'],
  [/\bdouble\s+precision\b/gi, 'double'],
]
const DECIMALS = new Set(['decimal', 'numeric', 'dec'])
const MAX_DEPTH = 20

/** Reads a declared type and gives it in DuckDB's own spelling: `int` is INTEGER, `decimal` DECIMAL(18,3), `text[]` VARCHAR[]. */
export function readColumnType(text: string): ColumnTypeReading {
  const simple = PHRASES.reduce((result, [pattern, name]) => result.replaceAll(pattern, name), text)
  const tokens = [...simple.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\w+|\S/g)].map(([token]) => token)
  const parser = new TypeParser(tokens)
  try {
    const type = parser.type(0)
    parser.end()
    return { ok: true, type }
  } catch (error) {
    if (!(error instanceof TypeMistake)) throw error
    return { ok: false, problem: `"${text}" is no column type: ${error.message}`, suggestion: isCutAtComma(text) ? 'Between { and }, put a type that holds a comma in quotes' : error.suggestion }
  }
}

/** `{ amount: DECIMAL(10,2) }`: to YAML the value ends at the comma. */
function isCutAtComma(text: string): boolean {
  return /^[\w\s]+\([^()]*$/.test(text)
}

class TypeMistake extends Error {
  readonly suggestion: string | null
  constructor(message: string, suggestion: string | null = null) {
    super(message)
    this.suggestion = suggestion
  }
}

class TypeParser {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  type(depth: number): string {
    if (depth > MAX_DEPTH) throw new TypeMistake(`it is nested more than ${MAX_DEPTH} deep`)
    let type = this.#base(this.#next('a type').toLowerCase(), depth)
    while (this.#accept('[')) {
      const size = /^\d+$/.test(this.#peek()) ? this.#next('a length') : ''
      this.#expect(']')
      type += `[${size}]`
    }
    return type
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new TypeMistake(`"${this.#peek()}" is too much`)
  }

  #base(name: string, depth: number): string {
    if (DECIMALS.has(name)) return this.#decimal()
    if (name === 'struct' || name === 'row') return `STRUCT(${this.#list(() => this.#field(depth)).join(', ')})`
    if (name === 'union') return `UNION(${this.#list(() => this.#field(depth)).join(', ')})`
    if (name === 'enum') return `ENUM(${this.#list(() => this.#label()).join(', ')})`
    if (name === 'map') return this.#map(depth)
    if (!/^\w/.test(name)) throw new TypeMistake(`a type is missing before "${name}"`)
    const scalar = CANONICAL.get(name)
    if (scalar === undefined) throw new TypeMistake(`DuckDB has no type ${name}`, didYouMean(name, KNOWN) ?? 'For example VARCHAR, BIGINT, DOUBLE, DECIMAL(18,2), BOOLEAN, DATE, TIMESTAMP')
    // VARCHAR(20) is taken and the length dropped, as DuckDB does.
    if (scalar === 'VARCHAR' && this.#peek() === '(') this.#list(() => this.#number())
    return scalar
  }

  #decimal(): string {
    if (this.#peek() !== '(') return 'DECIMAL(18,3)'
    const [width = 18, scale = 0, ...more] = this.#list(() => this.#number())
    if (more.length > 0 || width < 1 || width > 38 || scale > width) throw new TypeMistake('write DECIMAL(width, scale) with width 1 to 38 and scale up to the width')
    return `DECIMAL(${width},${scale})`
  }

  #map(depth: number): string {
    const [key, value, ...more] = this.#list(() => this.type(depth + 1))
    if (key === undefined || value === undefined || more.length > 0) throw new TypeMistake('write MAP(key type, value type)')
    return `MAP(${key}, ${value})`
  }

  #field(depth: number): string {
    const token = this.#next('a field name')
    const name = token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token
    if (!token.startsWith('"') && !/^\w+$/.test(token)) throw new TypeMistake(`"${token}" is no field name: put it in double quotes`)
    // As written where that is safe: DuckDB quotes more names than it needs to, so a type is compared by asking DuckDB.
    const isPlain = !token.startsWith('"') && /^[a-z_]/i.test(name) && !isReservedName(name.toLowerCase())
    return `${isPlain ? name : quoteIdentifier(name)} ${this.type(depth + 1)}`
  }

  #label(): string {
    const token = this.#next('a value')
    if (!/^'.*'$/s.test(token)) throw new TypeMistake("write ENUM('a', 'b')")
    return token
  }

  #number(): number {
    const token = this.#next('a number')
    if (!/^\d{1,4}$/.test(token)) throw new TypeMistake(`"${token}" is no number`)
    return Number(token)
  }

  #list<T>(item: () => T): T[] {
    this.#expect('(')
    const items = [item()]
    while (this.#accept(',')) items.push(item())
    this.#expect(')')
    return items
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #next(what: string): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new TypeMistake(`it ends where ${what} should be`)
    this.#at += 1
    return token
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at += 1
    return true
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw new TypeMistake(`"${token}" is missing${this.#peek() === '' ? ' at the end' : ` before "${this.#peek()}"`}`)
  }
}

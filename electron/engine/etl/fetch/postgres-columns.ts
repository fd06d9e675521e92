import { quoteIdentifier } from '../../../../shared/domain/naming.ts'

/** A row of pg_type, and the modifier that the column has. */
export interface PostgresType {
  name: string
  /** b base, c composite, d domain, e enum, r range, m multirange. */
  kind: string
  /** Of an array: its element. Of a domain: what it stands for. */
  inner: PostgresType | null
  isArray: boolean
  modifier: number
}

export interface PostgresColumn {
  name: string
  /** DuckDB's. */
  type: string
  /** What makes JSON of it without loss, over the alias q. */
  expression: string
}

const TYPES: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN', int2: 'SMALLINT', int4: 'INTEGER', int8: 'BIGINT', oid: 'UINTEGER', float4: 'FLOAT', float8: 'DOUBLE', date: 'DATE', time: 'TIME', timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE', uuid: 'UUID', bytea: 'BLOB', json: 'JSON', jsonb: 'JSON',
}

/** The server makes the JSON, and every number and time goes as text, since JSON numbers lose digits on the way. */
export function postgresColumn(name: string, type: PostgresType): PostgresColumn {
  const column = `q.${quoteIdentifier(name)}`
  const base = baseOf(type)
  if (base.isArray) return arrayColumn(name, column, base)
  const duck = duckType(base)
  if (duck === 'BOOLEAN') return { name, type: duck, expression: column }
  // DuckDB writes bytes as \xAA\xBB.
  if (duck === 'BLOB') return { name, type: duck, expression: `regexp_replace(encode(${column}, 'hex'), '(..)', '\\x\\1', 'g')` }
  // Line ends in JSON stand between its tokens only; a delivered record is one line.
  if (duck === 'JSON') return { name, type: duck, expression: base.kind === 'c' ? `to_jsonb(${column})` : `translate(${column}::text, E'\\n\\r', '  ')::json` }
  return { name, type: duck, expression: `${column}::text` }
}

function arrayColumn(name: string, column: string, { inner }: PostgresType): PostgresColumn {
  const element = inner === null ? 'VARCHAR' : duckType(baseOf(inner))
  if (element === 'JSON') return { name, type: 'JSON', expression: `to_jsonb(${column})` }
  // Bytes in lists stay as PostgreSQL writes them.
  return { name, type: `${element === 'BLOB' ? 'VARCHAR' : element}[]`, expression: `to_json(${column}::text[])` }
}

/** A domain is what it stands for, with the modifier that either of them has. */
function baseOf(type: PostgresType): PostgresType {
  if (type.kind !== 'd' || type.inner === null) return type
  return baseOf({ ...type.inner, modifier: type.inner.modifier === -1 ? type.modifier : type.inner.modifier })
}

const MOST_DIGITS = 38

function duckType({ name, kind, modifier }: PostgresType): string {
  if (kind === 'c') return 'JSON'
  if (kind !== 'b') return 'VARCHAR'
  if (name === 'numeric') return decimalType(modifier)
  return TYPES[name] ?? 'VARCHAR'
}

/** Precision and scale are packed into the modifier; without one, or beyond what DuckDB has, only text keeps every digit. */
function decimalType(modifier: number): string {
  if (modifier < 4) return 'VARCHAR'
  const precision = ((modifier - 4) >> 16) & 0xffff
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024
  return precision <= MOST_DIGITS && scale >= 0 && scale <= precision ? `DECIMAL(${precision},${scale})` : 'VARCHAR'
}

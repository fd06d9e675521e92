/** A column as the server describes it in its answer. */
export interface MysqlColumn {
  name: string
  /** Number of the protocol's type. */
  columnType: number
  flags: number
  characterSet: number
  columnLength: number
  decimals: number
}

export interface MysqlReading {
  name: string
  /** DuckDB's. */
  type: string
  /** JSON of a value that is not null, from its bytes in the text protocol. */
  json(bytes: Buffer): string
}

const UNSIGNED = 32
const BINARY_CHARSET = 63
const MOST_DIGITS = 38

/** Types of the protocol. */
const T = { decimal: 0, tiny: 1, short: 2, long: 3, float: 4, double: 5, timestamp: 7, longlong: 8, int24: 9, date: 10, time: 11, datetime: 12, year: 13, bit: 16, json: 245, newdecimal: 246, tinyBlob: 249, mediumBlob: 250, longBlob: 251, blob: 252, varString: 253, string: 254, geometry: 255 } as const

const INTEGERS: Readonly<Record<number, readonly [signed: string, unsigned: string]>> = {
  [T.tiny]: ['TINYINT', 'UTINYINT'], [T.short]: ['SMALLINT', 'USMALLINT'], [T.int24]: ['INTEGER', 'UINTEGER'], [T.long]: ['INTEGER', 'UINTEGER'], [T.longlong]: ['BIGINT', 'UBIGINT'],
}
const PLAIN: Readonly<Record<number, string>> = { [T.float]: 'FLOAT', [T.double]: 'DOUBLE', [T.date]: 'DATE', [T.time]: 'TIME', [T.datetime]: 'TIMESTAMP', [T.year]: 'SMALLINT' }
const TEXTS = new Set<number>([T.tinyBlob, T.mediumBlob, T.longBlob, T.blob, T.varString, T.string])

/** What a column is read as. Numbers and times stay text up to DuckDB, which refuses what it cannot hold, such as the day 0000-00-00. */
export function readMysqlColumn(column: MysqlColumn): MysqlReading {
  const { name, columnType, flags, characterSet } = column
  const text = (type: string): MysqlReading => ({ name, type, json: (bytes) => JSON.stringify(bytes.toString('utf8')) })
  const integer = INTEGERS[columnType]
  if (integer !== undefined) return text((flags & UNSIGNED) === 0 ? integer[0] : integer[1])
  const plain = PLAIN[columnType]
  if (plain !== undefined) return text(plain)
  if (columnType === T.newdecimal || columnType === T.decimal) return text(decimalType(column))
  if (columnType === T.timestamp) return { name, type: 'TIMESTAMP WITH TIME ZONE', json: (bytes) => JSON.stringify(`${bytes.toString('latin1')}+00`) }
  if (columnType === T.json) return { name, type: 'JSON', json: (bytes) => bytes.toString('utf8').replaceAll(/[\r\n]/g, ' ') }
  if (columnType === T.bit) return bits(column)
  if (columnType === T.geometry || (TEXTS.has(columnType) && characterSet === BINARY_CHARSET)) return { name, type: 'BLOB', json: (bytes) => JSON.stringify(escapeBytes(bytes)) }
  return text('VARCHAR')
}

/** The length counts the sign and the point. */
function decimalType({ columnLength, decimals, flags }: MysqlColumn): string {
  const precision = columnLength - (decimals > 0 ? 1 : 0) - ((flags & UNSIGNED) === 0 ? 1 : 0)
  return precision > 0 && precision <= MOST_DIGITS && decimals <= precision ? `DECIMAL(${precision},${decimals})` : 'VARCHAR'
}

function bits({ name, columnLength }: MysqlColumn): MysqlReading {
  const valueOf = (bytes: Buffer): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
  if (columnLength === 1) return { name, type: 'BOOLEAN', json: (bytes) => String(valueOf(bytes) !== 0n) }
  return { name, type: 'UBIGINT', json: (bytes) => `"${valueOf(bytes)}"` }
}

/** As DuckDB reads bytes: \xAA\xBB. */
function escapeBytes(bytes: Buffer): string {
  return bytes.toString('hex').replaceAll(/../g, '\\x$&')
}

/** MySQL quotes names with backticks, whatever its mode is. */
export function quoteMysqlIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

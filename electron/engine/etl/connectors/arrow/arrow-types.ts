import { DataType, DateUnit, type Field, Precision, TimeUnit } from 'apache-arrow'
import { quoteIdentifier } from '../../../../../shared/domain/naming.ts'

const MAX_PRECISION = 38

/**
 * DuckDB's type for a type of Arrow; null where there is none that keeps the values. Inside lists and structs, bytes are text: they come through JSON.
 */
export function duckType(type: DataType, isNested = false): string | null {
  if (DataType.isDictionary(type)) return duckType(type.dictionary, isNested)
  if (isBytes(type)) return isNested ? 'VARCHAR' : 'BLOB'
  return PLAIN.find(([is]) => is(type))?.[1] ?? numberType(type) ?? momentType(type) ?? listType(type) ?? structType(type)
}

function numberType(type: DataType): string | null {
  if (DataType.isInt(type)) return `${type.isSigned ? '' : 'U'}${INTEGERS[type.bitWidth]}`
  if (DataType.isFloat(type)) return type.precision === Precision.DOUBLE ? 'DOUBLE' : 'FLOAT'
  if (!DataType.isDecimal(type)) return null
  const isKept = type.precision <= MAX_PRECISION && type.scale >= 0 && type.scale <= type.precision
  return isKept ? `DECIMAL(${type.precision},${type.scale})` : 'VARCHAR'
}

function momentType(type: DataType): string | null {
  if (DataType.isDate(type)) return type.unit === DateUnit.DAY ? 'DATE' : 'TIMESTAMP'
  if (!DataType.isTimestamp(type)) return null
  if (typeof type.timezone === 'string' && type.timezone !== '') return 'TIMESTAMP WITH TIME ZONE'
  return type.unit === TimeUnit.NANOSECOND ? 'TIMESTAMP_NS' : 'TIMESTAMP'
}

const INTEGERS: Readonly<Record<number, string>> = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }

const PLAIN: readonly [(type: DataType) => boolean, string][] = [
  [DataType.isNull, 'VARCHAR'],
  [DataType.isBool, 'BOOLEAN'],
  [(type) => DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type), 'VARCHAR'],
  [DataType.isTime, 'TIME'],
  // The number of the unit that the file names; Parquet has no type for it.
  [DataType.isDuration, 'BIGINT'],
]

export function isBytes(type: DataType): boolean {
  return DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isBinaryView(type) || DataType.isFixedSizeBinary(type)
}

function listType(type: DataType): string | null {
  if (!DataType.isList(type) && !DataType.isLargeList(type) && !DataType.isFixedSizeList(type)) return null
  const [child] = type.children
  const element = child === undefined ? null : duckType(child.type, true)
  return element === null ? null : `${element}[]`
}

function structType(type: DataType): string | null {
  if (DataType.isMap(type)) {
    const pair = structOf(type.children[0]?.type.children ?? [], MAP_NAMES)
    return pair === null ? null : `${pair}[]`
  }
  return DataType.isStruct(type) ? structOf(type.children, type.children.map(({ name }) => name)) : null
}

function structOf(fields: readonly Field[], names: readonly string[]): string | null {
  const parts = fields.map((field, index) => ({ name: names[index] ?? field.name, type: duckType(field.type, true) }))
  if (parts.length === 0 || parts.some((part) => part.type === null)) return null
  return `STRUCT(${parts.map((part) => `${quoteIdentifier(part.name)} ${part.type}`).join(', ')})`
}

/** A map is a list of pairs, in which a key may come twice. */
export const MAP_NAMES = ['key', 'value']

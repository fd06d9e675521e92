import { type Data, DataType, DateUnit, TimeUnit, Vector } from 'apache-arrow'
import { isBytes, MAP_NAMES } from './arrow-types.ts'

/** A value as JSON holds it without loss: everything but lists and structs is text. */
type Json = string | null | Json[] | { [name: string]: Json }
type Read = (index: number) => Json

/** How the values of a column of one batch are read. */
export function readerOf(data: Data): Read {
  const read = valueReader(data)
  return data.nullCount === 0 ? read : (index) => (data.getValid(index) ? read(index) : null)
}

function valueReader(data: Data): Read {
  const { type } = data
  if (DataType.isNull(type)) return () => null
  if (DataType.isDictionary(type)) return dictionaryReader(data)
  if (DataType.isDecimal(type)) return decimalReader(data, type.bitWidth / WORD_BITS, type.scale)
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return textReader(data)
  if (DataType.isFloat(type) || DataType.isBool(type) || DataType.isUtf8View(type)) {
    const vector = new Vector([data])
    return (index) => plainText(vector.get(index))
  }
  if (isBytes(type)) {
    const vector = new Vector([data])
    return (index) => bytesText(vector.get(index))
  }
  return temporalReader(data) ?? nestedReader(data) ?? integerReader(data)
}

const WORD_BITS = 32

/** From the bytes: the library's own decoder drops a byte order mark that a text begins with. */
function textReader({ values, valueOffsets }: Data): Read {
  const view: Uint8Array = values
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  const offsets: ArrayLike<number | bigint> = valueOffsets
  return (index) => bytes.toString('utf8', Number(offsets[index] ?? 0), Number(offsets[index + 1] ?? 0))
}

function plainText(value: unknown): string {
  if (typeof value !== 'number') return String(value)
  if (Object.is(value, -0)) return '-0.0'
  return Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : String(value)
}

function bytesText(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : ''
}

function wholeNumbers({ values }: Data): (index: number) => bigint {
  const numbers: ArrayLike<number | bigint> = values
  return (index) => BigInt(numbers[index] ?? 0)
}

function integerReader(data: Data): Read {
  const number = wholeNumbers(data)
  return (index) => number(index).toString()
}

function dictionaryReader({ values, dictionary }: Data): Read {
  const chunks = (dictionary?.data ?? []).map((data: Data) => ({ length: data.length, read: readerOf(data) }))
  const indexes: ArrayLike<number | bigint> = values
  return (index) => {
    let at = Number(indexes[index] ?? 0)
    for (const chunk of chunks) {
      if (at < chunk.length) return chunk.read(at)
      at -= chunk.length
    }
    throw new Error(`a dictionary has no value ${String(indexes[index])}`)
  }
}

/** Two's complement in words of 32 bits, the lowest first. */
function decimalReader({ values }: Data, words: number, scale: number): Read {
  const parts: ArrayLike<number> = values
  return (index) => {
    let number = 0n
    for (let word = words - 1; word >= 0; word--) number = (number << 32n) | BigInt(parts[index * words + word] ?? 0)
    const signed = BigInt.asIntN(words * WORD_BITS, number)
    if (scale <= 0) return (signed * 10n ** BigInt(-scale)).toString()
    const digits = (signed < 0n ? -signed : signed).toString().padStart(scale + 1, '0')
    return `${signed < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  }
}

const NANOS: Readonly<Record<TimeUnit, bigint>> = { [TimeUnit.SECOND]: 1_000_000_000n, [TimeUnit.MILLISECOND]: 1_000_000n, [TimeUnit.MICROSECOND]: 1_000n, [TimeUnit.NANOSECOND]: 1n }
const DAY_NANOS = 86_400_000_000_000n
const MS_NANOS = 1_000_000n

function temporalReader(data: Data): Read | null {
  const { type } = data
  const number = wholeNumbers(data)
  if (DataType.isTimestamp(type)) {
    const unit = NANOS[type.unit]
    const zone = typeof type.timezone === 'string' && type.timezone !== '' ? '+00' : ''
    return (index) => `${momentText(number(index) * unit)}${zone}`
  }
  if (DataType.isTime(type)) {
    const unit = NANOS[type.unit]
    return (index) => timeText(number(index) * unit)
  }
  if (!DataType.isDate(type)) return null
  return type.unit === DateUnit.DAY ? (index) => dayText(number(index)) : (index) => momentText(number(index) * MS_NANOS)
}

function momentText(nanos: bigint): string {
  const inDay = ((nanos % DAY_NANOS) + DAY_NANOS) % DAY_NANOS
  return withEra(dayText((nanos - inDay) / DAY_NANOS), timeText(inDay))
}

function withEra(day: string, time: string): string {
  return day.endsWith(ERA) ? `${day.slice(0, -ERA.length)} ${time}${ERA}` : `${day} ${time}`
}

function timeText(nanos: bigint): string {
  const seconds = Number(nanos / NANOS[TimeUnit.SECOND])
  const two = (part: number): string => String(part).padStart(2, '0')
  const fraction = (nanos % NANOS[TimeUnit.SECOND]).toString().padStart(9, '0').replace(/0+$/, '')
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction === '' ? '' : `.${fraction}`}`
}

const ERA = ' (BC)'
const [ERA_DAYS, CIVIL_SHIFT] = [146_097n, 719_468n]

/** Days since 1970 in the proleptic Gregorian calendar; a Date of JavaScript ends too early for some. H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days. */
function dayText(days: bigint): string {
  const shifted = days + CIVIL_SHIFT
  const dayOfEra = ((shifted % ERA_DAYS) + ERA_DAYS) % ERA_DAYS
  const era = (shifted - dayOfEra) / ERA_DAYS
  const yearOfEra = (dayOfEra - dayOfEra / 1_460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n)
  const shiftedMonth = (5n * dayOfYear + 2n) / 153n
  const day = dayOfYear - (153n * shiftedMonth + 2n) / 5n + 1n
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n)
  const two = (part: bigint): string => part.toString().padStart(2, '0')
  return `${(year <= 0n ? 1n - year : year).toString().padStart(4, '0')}-${two(month)}-${two(day)}${year <= 0n ? ERA : ''}`
}

function nestedReader(data: Data): Read | null {
  const { type, children, valueOffsets } = data
  const [child] = children
  const offsets: ArrayLike<number | bigint> | null = valueOffsets ?? null
  const elements = (read: Read, range: (index: number) => [number, number]): Read => (index) => {
    const [from, to] = range(index)
    return Array.from({ length: to - from }, (_, offset) => read(from + offset))
  }
  const byOffsets = (index: number): [number, number] => [Number(offsets?.[index] ?? 0), Number(offsets?.[index + 1] ?? 0)]
  if (DataType.isFixedSizeList(type) && child !== undefined) {
    const { listSize } = type
    return elements(readerOf(child), (index) => [index * listSize, (index + 1) * listSize])
  }
  if (DataType.isMap(type) && child !== undefined) return elements(structReader(child, MAP_NAMES), byOffsets)
  if ((DataType.isList(type) || DataType.isLargeList(type)) && child !== undefined) return elements(readerOf(child), byOffsets)
  return DataType.isStruct(type) ? structReader(data, type.children.map(({ name }) => name)) : null
}

function structReader({ children }: Data, names: readonly string[]): Read {
  const readers = children.map((child) => readerOf(child))
  return (index) => Object.fromEntries(readers.map((read, position) => [names[position] ?? '', read(index)]))
}

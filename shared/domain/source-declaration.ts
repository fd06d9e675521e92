import type { Declaration, DeclaredColumn } from '../contract/ingest.contract.ts'

/** How a source is read, in parts: what is said of it as a whole, and what of its columns. Places of columns of fixed width belong to the first. */

export type DeclaredColumns = Readonly<Record<string, DeclaredColumn>>

export function columnsOf(declaration: Declaration): DeclaredColumns {
  const columns = declaration['columns']
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) return {}
  return Object.fromEntries(Object.entries(columns).flatMap(([name, column]): [string, DeclaredColumn][] => (typeof column === 'string' ? [[name, column]] : typeof column === 'object' && column !== null && !Array.isArray(column) ? [[name, column]] : [])))
}

/** The declaration without what its columns hold. */
export function frameOf(declaration: Declaration): Declaration {
  const { columns: _columns, ...frame } = declaration
  const places = Object.entries(columnsOf(declaration)).flatMap(([name, column]): [string, DeclaredColumn][] => {
    const place = placeOf(column)
    return place === null ? [] : [[name, place]]
  })
  return places.length === 0 ? frame : { ...frame, columns: Object.fromEntries(places) }
}

/** The frame with what is said of columns; the places that it has stay. */
export function withColumns(frame: Declaration, columns: DeclaredColumns): Declaration {
  const places = columnsOf(frame)
  const names = [...new Set([...Object.keys(places), ...Object.keys(columns)])]
  if (names.length === 0) return frame
  return { ...frame, columns: Object.fromEntries(names.map((name) => [name, joined(places[name], columns[name])])) }
}

function joined(place: DeclaredColumn | undefined, said: DeclaredColumn | undefined): DeclaredColumn {
  if (place === undefined || typeof place === 'string') return said ?? place ?? 'VARCHAR'
  if (said === undefined) return place
  return { ...placeOf(place), ...(typeof said === 'string' ? { type: said } : withoutPlace(said)) }
}

const PLACE: ReadonlySet<string> = new Set(['start', 'width'])

function placeOf(column: DeclaredColumn): Exclude<DeclaredColumn, string> | null {
  if (typeof column === 'string') return null
  const place = Object.fromEntries(Object.entries(column).filter(([key]) => PLACE.has(key)))
  return Object.keys(place).length === 0 ? null : place
}

function withoutPlace(column: Exclude<DeclaredColumn, string>): Exclude<DeclaredColumn, string> {
  return Object.fromEntries(Object.entries(column).filter(([key]) => !PLACE.has(key)))
}

/** What is said of a column besides where it stands; null where nothing is. */
export function contentOf(column: DeclaredColumn | undefined): DeclaredColumn | null {
  if (column === undefined || typeof column === 'string') return column ?? null
  const content = withoutPlace(column)
  const [key, ...others] = Object.keys(content)
  if (key === undefined) return null
  return key === 'type' && others.length === 0 && typeof content['type'] === 'string' ? content['type'] : content
}

/** The type that it declares, or the usual one for the way in which its values are written. */
export function typeOfColumn(column: DeclaredColumn): string {
  if (typeof column === 'string') return column
  const { type } = column
  if (typeof type === 'string') return type
  if (column['format'] !== undefined) return 'DATE'
  if (column['true_text'] !== undefined || column['false_text'] !== undefined) return 'BOOLEAN'
  return ['decimal', 'thousands', 'strip', 'percent'].some((key) => column[key] !== undefined) ? 'DOUBLE' : 'VARCHAR'
}

/** How its values are written, for people: `%d.%m.%Y`, `decimal , thousands .`; empty where a type says all. */
export function writtenText(column: DeclaredColumn | null): string {
  if (column === null || typeof column === 'string') return ''
  return Object.entries(column).flatMap(([key, value]) => (key === 'type' || PLACE.has(key) ? [] : [partText(key, Array.isArray(value) ? value.map(String) : [String(value)])])).join(' ')
}

function partText(key: string, values: readonly string[]): string {
  const text = values.join(' or ')
  if (key === 'percent') return 'percent'
  if (key === 'format') return text
  return `${WORDS[key] ?? key} ${text === ' ' ? 'blank' : text}`
}

const WORDS: Readonly<Record<string, string>> = { strip: 'without', true_text: 'true', false_text: 'false' }

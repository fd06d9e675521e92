import type { ColumnOrigin } from '../../../shared/contract/column-lineage.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { ColumnValue, MadeRow } from '../workers/match-rows.wire.ts'

/** What leads from rows of a dataset to the rows of one that it was made from. */
export type Lead =
  /** Each set names rows by values that were copied; no set: these rows have nothing of it. */
  | { how: 'values' | 'entity'; sets: ColumnValue[][]; by: string[]; reason: string | null }
  | { how: 'unknown'; reason: string }

export interface LeadRequest {
  /** The dataset that the rows were made from. */
  input: string
  /** What the columns of the rows come from. */
  origins: readonly ColumnOrigin[]
  columns: readonly Column[]
  rows: readonly (readonly unknown[])[]
}

/** By the values that a statement copied from the input, or compared with what it copied. Empty cells say nothing: an outer join leaves them. */
export function leadByValues(request: LeadRequest): Lead {
  const { input, origins, rows } = request
  const copied = copiedColumns(request)
  if (copied.length === 0) return { how: 'unknown', reason: unknownReason(input, origins) }
  const sets = rows.map((row) => copied.flatMap(({ index, of }) => valueAt(row, index, of)))
  const told = sets.filter((set) => set.length > 0)
  return { how: 'values', sets: differentSets(told), by: [...new Set(copied.map(({ of }) => of))], reason: untold(sets.length, told.length) }
}

function copiedColumns({ input, origins, columns }: LeadRequest): { index: number; of: string }[] {
  return origins.flatMap(({ column, sources }) => {
    const index = columns.findIndex(({ name, kind }) => name === column && kind !== 'nested')
    return index === -1 ? [] : sources.filter(({ dataset, isSame }) => isSame && dataset === input).map(({ column: of }) => ({ index, of }))
  })
}

/** The rows as a statement made them, with what the rows behind them have to have. */
export function madeRows(request: LeadRequest): MadeRow[] {
  const copied = copiedColumns(request)
  return request.rows.map((row) => ({ values: cellsOf(request.columns, row), candidates: copied.flatMap(({ index, of }) => valueAt(row, index, of)) }))
}

/** What names a row among others: its place in its file, or all of its values. */
export function namingValues(columns: readonly Column[], row: readonly unknown[]): ColumnValue[] {
  const place = columns.filter(({ isProvenance }) => isProvenance)
  return cellsOf(columns, row).filter(({ column }) => place.length < 2 || place.some(({ name }) => name === column))
}

/** Gaps too. Nested values compare as text, which says too little of which is which. */
function cellsOf(columns: readonly Column[], row: readonly unknown[]): ColumnValue[] {
  return columns.flatMap(({ name, kind }, index) => {
    const value = row[index] ?? null
    return kind !== 'nested' && (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') ? [{ column: name, value }] : []
  })
}

/** Rows that are silently left out would make the others look like all. */
function untold(all: number, told: number): string | null {
  if (told === 0 || told === all) return null
  return `${all - told} of ${all} rows have none of these values, so that nothing tells what they were made from here`
}

function unknownReason(input: string, origins: readonly ColumnOrigin[]): string {
  const [unknown] = origins.flatMap((origin) => origin.unknown)
  return unknown ?? `no column is handed on from ${input} as it is, so that no value tells which of its rows went in`
}

/** By the entity that a processor made the rows for. */
export function leadByEntity({ columns, rows }: Pick<LeadRequest, 'columns' | 'rows'>, key: string): Lead {
  const index = columns.findIndex(({ name }) => name.toLowerCase() === key.toLowerCase())
  if (index === -1) return { how: 'unknown', reason: `the rows do not name their entity: there is no column ${key}` }
  return { how: 'entity', sets: differentSets(rows.map((row) => valueAt(row, index, key)).filter((set) => set.length > 0)), by: [key], reason: null }
}

function valueAt(row: readonly unknown[], index: number, column: string): ColumnValue[] {
  const value = row[index]
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [{ column, value }] : []
}

export function differentSets(sets: readonly ColumnValue[][]): ColumnValue[][] {
  return [...new Map(sets.map((set) => [JSON.stringify(set), set])).values()]
}

import { z } from 'zod'
import type { DiffKind, DiffPage, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { cellText } from '../rows-json.ts'
import { formatCount, formatDuration } from './figures.ts'
import type { Paint } from './paint.ts'
import { csvLines } from './row-formats.ts'
import type { Cell, TableColumn } from './table.ts'

/** One differing row: an object for each side that has it, and the columns that changed. */
export interface DiffRow {
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  changed: string[]
}

export interface DiffRows {
  kind: DiffKind
  columns: Column[]
  rows: DiffRow[]
}

const cells = z.array(z.unknown()).nullable()
const rowsSchema = z.array(z.tuple([cells, cells, z.array(z.int())]))

export function readDiffRows({ rowsJson, fromColumns, toColumns }: DiffPage): DiffRow[] {
  const named = (columns: readonly Column[], values: unknown[] | null): Record<string, unknown> | null =>
    values === null ? null : Object.fromEntries(columns.map(({ name }, index) => [name, values[index]]))
  return rowsSchema.parse(JSON.parse(rowsJson)).map(([before, after, changed]) => ({
    before: named(fromColumns, before),
    after: named(toColumns, after),
    changed: changed.flatMap((index) => toColumns[index]?.name ?? []),
  }))
}

/** The newer version's columns, then those that only the older one has; the engine's own are left out. */
export function diffColumns({ fromColumns, toColumns }: Pick<DiffPage, 'fromColumns' | 'toColumns'>): Column[] {
  const names = new Set(toColumns.map((column) => column.name.toLowerCase()))
  return [...toColumns, ...fromColumns.filter((column) => !names.has(column.name.toLowerCase()))].filter((column) => !column.isProvenance)
}

/** "shop.curated.orders  v3 → v4  by order_id", the counts, the columns that changed, and what to know about schema and key. */
export function diffHeadLines(diff: VersionDiff, paint: Paint): string[] {
  const { from, to, key, counts, changedColumns, schema, duplicates } = diff
  const by = key.length === 0 ? 'by whole rows: no key is known, name one with --key' : `by ${key.join(', ')}`
  const lines = [
    `${paint(diff.dataset, 'bold')}  v${from.version} (#${from.runNumber}) → v${to.version} (#${to.runNumber})  ${paint(`${by}, ${formatDuration(diff.tookMs)}`, 'dim')}`,
    [
      paint(`+${formatCount(counts.added)} added`, counts.added > 0 ? 'green' : 'dim'),
      paint(`−${formatCount(counts.removed)} removed`, counts.removed > 0 ? 'red' : 'dim'),
      paint(`~${formatCount(counts.changed)} changed`, counts.changed > 0 ? 'yellow' : 'dim'),
      paint(`${formatCount(counts.unchanged)} same`, 'dim'),
    ].join('  '),
  ]
  if (changedColumns.length > 0) lines.push(`changed in: ${changedColumns.map(({ column, count }) => `${column} ${formatCount(count)}`).join(', ')}`)
  for (const column of schema.added) lines.push(paint(`column added: ${column.name} ${column.type}`, 'green'))
  for (const column of schema.removed) lines.push(paint(`column removed: ${column.name} ${column.type}`, 'red'))
  for (const column of schema.retyped) lines.push(paint(`column retyped: ${column.name} ${column.from} → ${column.to}`, 'yellow'))
  if (duplicates !== null) {
    lines.push(paint(`the key is not unique: ${formatCount(duplicates.from)} values of v${from.version} and ${formatCount(duplicates.to)} of v${to.version} name more than one row, for example ${duplicates.example ?? ''}`, 'yellow'))
  }
  return lines
}

/** For people: a changed cell shows both values. */
export function diffTable({ columns, rows }: DiffRows): { columns: TableColumn[]; cells: Cell[][] } {
  return {
    columns: columns.map(({ name, kind }) => ({ header: name, align: kind === 'number' ? 'right' : 'left', maxWidth: 60 })),
    cells: rows.map((row) => columns.map(({ name }) => cellOf(row, name))),
  }
}

function cellOf({ before, after, changed }: DiffRow, name: string): Cell {
  const text = (side: Record<string, unknown> | null): string => (side === null || side[name] === null || side[name] === undefined ? 'null' : cellText(side[name]))
  if (changed.includes(name)) return { text: `${text(before)} → ${text(after)}`, style: 'yellow' }
  const side = after !== null && name in after ? after : before
  return side === null || side[name] === null || side[name] === undefined ? { text: 'null', style: 'dim' } : text(side)
}

const CHANGE: Column = { name: '_change', type: 'VARCHAR', kind: 'text', isProvenance: false }

/** For programs: one line for each side of a row, `_change` says which: added, removed, before, after. */
export function diffCsv(pages: readonly DiffRows[]): string[] {
  const [first] = pages
  if (first === undefined) return []
  const line = (change: string, side: Record<string, unknown>): unknown[] => [change, ...first.columns.map(({ name }) => side[name] ?? null)]
  const rows = pages.flatMap(({ kind, rows: ofKind }) =>
    ofKind.flatMap(({ before, after }) => [
      ...(before === null ? [] : [line(kind === 'changed' ? 'before' : kind, before)]),
      ...(after === null ? [] : [line(kind === 'changed' ? 'after' : kind, after)]),
    ]),
  )
  return csvLines([CHANGE, ...first.columns], rows)
}

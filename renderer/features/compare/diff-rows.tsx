import { z } from 'zod'
import type { DiffKind, DiffPage, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { usePagedRows } from '../../api/use-paged-rows.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'

const PAGE = 100
/** Columns shown beside the key: those that changed first. */
const COLUMNS_SHOWN = 7

const cellsSchema = z.array(z.unknown()).nullable()
const rowsSchema = z.array(z.tuple([cellsSchema, cellsSchema, z.array(z.int())]))

interface DiffRow {
  index: number
  before: unknown[] | null
  after: unknown[] | null
  changed: ReadonlySet<string>
}

/** The rows of one kind: old value struck through, new value beside it. */
export function DiffRows({ diff, kind }: { diff: VersionDiff; kind: DiffKind }) {
  const { queries } = useApi()
  const { dataset, from, to, key, keyOrigin } = diff
  const pair = { dataset, from: from.version, to: to.version, ...(keyOrigin === 'chosen' ? { key } : {}), kind }
  const rows = usePagedRows({
    pageSize: PAGE,
    page: (offset) => ({ ...queries.compare.page.queryOptions({ input: { ...pair, offset, limit: PAGE } }), ...IMMUTABLE }),
    read: (page) => ({ total: page.total, rows: readRows(page) }),
  })
  if (rows.error !== null && rows.total === 0) return <ErrorState problem={problemOf(rows.error)} onRetry={rows.retry} />
  const page = rows.answer
  if (page === undefined) return <LoadingState rows={10}>Reading the rows</LoadingState>
  const { shown, hidden } = columnsOf(page, diff)
  return (
    <>
      <VirtualTable label={`Rows ${kind}`} columns={[MARK[kind], ...shown.map((column) => columnOf(column, page, diff))]} total={rows.total} rowAt={rows.rowAt} onRange={rows.onRange} rowKey={(row) => String(row.index)} />
      {hidden > 0 && <p className='diff-foot t3 s12'>{countOf(hidden, 'column')} more that {hidden === 1 ? 'is' : 'are'} not shown; Export writes all of them.</p>}
    </>
  )
}

function readRows(page: DiffPage): DiffRow[] {
  const parsed = rowsSchema.parse(JSON.parse(page.rowsJson))
  return parsed.map(([before, after, changed], index) => ({ index, before, after, changed: new Set(changed.flatMap((place) => page.toColumns[place]?.name ?? [])) }))
}

/** Key first, then what changed most, then the others. */
function columnsOf({ fromColumns, toColumns }: DiffPage, { key, changedColumns }: VersionDiff): { shown: Column[]; hidden: number } {
  const names = new Set(toColumns.map((column) => column.name.toLowerCase()))
  const all = [...toColumns, ...fromColumns.filter((column) => !names.has(column.name.toLowerCase()))].filter((column) => !column.isProvenance)
  const keys = key.map((name) => name.toLowerCase())
  const changed = changedColumns.map((column) => column.column)
  const rank = ({ name }: Column): number => {
    const place = keys.indexOf(name.toLowerCase())
    if (place >= 0) return place
    const changedAt = changed.indexOf(name)
    return changedAt >= 0 ? 100 + changedAt : 10_000
  }
  const ordered = all.toSorted((a, b) => rank(a) - rank(b))
  const shown = ordered.slice(0, keys.length + COLUMNS_SHOWN)
  return { shown, hidden: ordered.length - shown.length }
}

const mark = (sign: string, tone: string): TableColumn<DiffRow> => ({ id: '-mark', header: '', width: '26px', cell: () => <b className={tone} aria-hidden='true'>{sign}</b> })
const MARK: Readonly<Record<DiffKind, TableColumn<DiffRow>>> = { added: mark('+', 'add'), removed: mark('−', 'del'), changed: mark('→', 'chg') }

function columnOf(column: Column, { fromColumns, toColumns }: DiffPage, { key, changedColumns }: VersionDiff): TableColumn<DiffRow> {
  const place = (columns: readonly Column[]): number => columns.findIndex((other) => other.name.toLowerCase() === column.name.toLowerCase())
  const [old, fresh] = [place(fromColumns), place(toColumns)]
  const isKey = key.some((name) => name.toLowerCase() === column.name.toLowerCase())
  const isChanged = changedColumns.some((changed) => changed.column === column.name)
  const valueOf = (row: DiffRow): unknown => (row.after !== null && fresh >= 0 ? row.after[fresh] : row.before?.[old])
  return {
    id: column.name,
    header: column.name,
    width: isKey ? 'minmax(84px, 0.8fr)' : isChanged ? 'minmax(0, 1.7fr)' : 'minmax(0, 1fr)',
    numeric: column.kind === 'number',
    cell: (row) => (row.changed.has(column.name) ? <span className='diff-cell'><Value value={row.before?.[old]} tone='old' /> <Value value={row.after?.[fresh]} tone='new' /></span> : <Value value={valueOf(row)} tone={isKey ? 'key' : 'plain'} />),
    title: (row) => (row.changed.has(column.name) ? `${textOf(row.before?.[old])} → ${textOf(row.after?.[fresh])}` : textOf(valueOf(row))),
  }
}

const TONES = { old: 'diff-old', new: 'diff-new', key: 'mono', plain: 't2' } as const

function Value({ value, tone }: { value: unknown; tone: keyof typeof TONES }) {
  if (value === null || value === undefined) return <span className='null'>null</span>
  const text = textOf(value)
  if (tone === 'old') return <del className={TONES.old}>{text}</del>
  if (tone === 'new') return <ins className={TONES.new}>{text}</ins>
  return <span className={TONES[tone]}>{text}</span>
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

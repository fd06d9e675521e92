import { useCallback, useMemo, useRef, useState } from 'react'
import { GROUP_COLUMN, type GroupKey, type Grouping, groupLabel, groupSort, type PivotColumn, type PivotHead, type PivotPage, type PivotView } from '../../../../shared/domain/pivot.ts'
import { type Column, type Filter, type Sort, toColumn } from '../../../../shared/domain/table-query.ts'
import { useApi } from '../../../api/api.tsx'
import type { FetchGridPage, GridPage, GridQuery, GridRow } from '../../../grid/grid-query.ts'
import type { PageCost } from '../use-dataset-rows.ts'
import { findLevel, levelLines, openPaths, type OpenLevel, pathKey, type Stretch, stretches, withOpen } from './pivot-tree.ts'

/** What a line of the table is, beside its cells. */
export interface GroupLine {
  /** From the outermost group inwards; of the line over all groups: none. */
  readonly path: readonly GroupKey[]
  /** Place among the groups beside it. */
  readonly at: number
  readonly rowCount: number
  /** Whether there are groups below it. */
  readonly canOpen: boolean
  readonly isOpen: boolean
}

interface PivotRequest {
  dataset: string
  version: number
  filter: readonly Filter[]
  pivot: PivotView
}

export interface PivotRows {
  readonly fetchPage: FetchGridPage
  /** Of a line of the grid. */
  readonly toggle: (line: GroupLine) => Promise<void>
  readonly closeAll: () => void
  readonly onFirstPage: (page: GridPage, query: GridQuery) => void
  /** Rises when lines came or went, so that the grid asks for them anew. */
  readonly epoch: number
  /** Lines of the table; null before the first page. */
  readonly lineCount: number | null
  /** The level that is shown first, once it is here. */
  readonly facts: { readonly groupCount: number; readonly rowCount: number; readonly heads: readonly PivotHead[]; readonly columns: readonly PivotColumn[]; /** Of all rows, by column. */ readonly total: PivotPage['total']['cells'] } | null
  readonly cost: PageCost | null
}

/** Groups that a page of a level holds. */
const PAGE_GROUPS = 400
/** The line over all groups stands before them. */
const TOTAL_LINES = 1

/** The groups of a view as lines for the grid. A group's own groups are asked for when it is opened. */
export function usePivotRows({ dataset, version, filter, pivot }: PivotRequest): PivotRows {
  const [cost, setCost] = useState<PageCost | null>(null)
  const [epoch, setEpoch] = useState(0)
  const [facts, setFacts] = useState<PivotRows['facts']>(null)
  const [lineCount, setLineCount] = useState<number | null>(null)
  const trees = useRef(new Trees())
  const shownSort = useRef<readonly Sort[]>([])
  // Other groups are other lines: none of them is open.
  const key = JSON.stringify([dataset, version, filter, { ...pivot, sort: [] }])
  const { readLevel, openTree } = useLevels({ dataset, version, filter, pivot }, { onCost: setCost, onFacts: setFacts })

  const fetchPage = useCallback<FetchGridPage>(
    async ({ sort, offset, limit, signal }) => {
      const tree = trees.current.get(key, sort) ?? (await openTree([], { keep: trees.current.open(key), sort, signal }))
      trees.current.keep(key, sort, tree)
      const first = await readLevel({ path: [], page: 0, sort, signal })
      const groups = stretches(tree, Math.max(0, offset - TOTAL_LINES), offset === 0 ? limit - TOTAL_LINES : limit)
      const lines = await Promise.all(groups.map((stretch) => linesOf(stretch, { tree, depth: pivot.rows.length, read: (page) => readLevel({ path: stretch.path, page, sort, signal }), label: (at) => pivot.rows[at] })))
      return { columns: pivotColumns(first), rows: [...(offset === 0 ? [totalRow(first)] : []), ...lines.flat()], totalRows: levelLines(tree) + TOTAL_LINES }
    },
    [openTree, readLevel, pivot, key],
  )

  const change = useCallback(
    (make: (tree: OpenLevel) => OpenLevel): void => {
      const tree = make(trees.current.get(key, shownSort.current) ?? NOTHING)
      trees.current.keep(key, shownSort.current, tree)
      setLineCount(levelLines(tree) + TOTAL_LINES)
      setEpoch((count) => count + 1)
    },
    [key],
  )
  const toggle = useCallback(
    async ({ path, at, canOpen, isOpen }: GroupLine): Promise<void> => {
      if (!canOpen) return
      const child = isOpen ? null : await openTree(path, { keep: new Set(), sort: shownSort.current })
      change((tree) => withOpen(tree, path.slice(0, -1), { at, child }))
    },
    [change, openTree],
  )
  const closeAll = useCallback(() => change((tree) => ({ ...tree, open: new Map() })), [change])

  const onFirstPage = useCallback((page: GridPage, { sort }: GridQuery) => {
    shownSort.current = sort
    setLineCount(page.totalRows)
  }, [])
  return useMemo(() => ({ fetchPage, toggle, closeAll, onFirstPage, epoch, lineCount, facts, cost }), [fetchPage, toggle, closeAll, onFirstPage, epoch, lineCount, facts, cost])
}

interface Heard {
  onCost: (cost: PageCost) => void
  onFacts: (facts: PivotRows['facts']) => void
}

/** Levels as the engine gives them. */
function useLevels({ dataset, version, filter, pivot }: PivotRequest, { onCost, onFacts }: Heard) {
  const { client } = useApi()
  const readLevel = useCallback(
    async ({ path, page, sort, signal }: LevelRequest): Promise<PivotPage> => {
      const { sort: _own, ...spec } = pivot
      const answer = await client.datasets.pivot({ dataset, version, filter: [...filter], spec, path: [...path], sort: groupSort(sort, pivot), offset: page * PAGE_GROUPS, limit: PAGE_GROUPS }, signal === undefined ? {} : { signal })
      onCost({ tookMs: answer.tookMs, fromCache: answer.fromCache })
      if (path.length === 0) onFacts({ groupCount: answer.groupCount, rowCount: answer.total.rowCount, heads: answer.heads, columns: answer.columns, total: answer.total.cells })
      return answer
    },
    [client, dataset, version, filter, pivot, onCost, onFacts],
  )

  /** The lines that are there at first: what was open stays open, as far as it is found again near the top of its level. */
  const openTree = useCallback(
    async (path: readonly GroupKey[], request: Opening): Promise<OpenLevel> => {
      const page = await readLevel({ path, page: 0, ...request })
      const open = new Map<number, OpenLevel>()
      for (const [at, group] of page.groups.entries()) {
        const inner = [...path, group.key[0] ?? null]
        if (request.keep.has(pathKey(inner))) open.set(at, await openTree(inner, request))
      }
      return { path, groupCount: page.groupCount, open }
    },
    [readLevel],
  )
  return { readLevel, openTree }
}

const MOST_TREES = 4

/** Which groups are open, by what is shown in which order: what is on its way must not change what is on screen. */
class Trees {
  private readonly kept = new Map<string, { key: string; tree: OpenLevel }>()

  get(key: string, sort: readonly Sort[]): OpenLevel | undefined {
    return this.kept.get(idOf(key, sort))?.tree
  }
  keep(key: string, sort: readonly Sort[], tree: OpenLevel): void {
    this.kept.delete(idOf(key, sort))
    this.kept.set(idOf(key, sort), { key, tree })
    const [oldest] = this.kept.keys()
    if (this.kept.size > MOST_TREES && oldest !== undefined) this.kept.delete(oldest)
  }
  /** Paths of the groups that were open last, in any order. */
  open(key: string): ReadonlySet<string> {
    const last = [...this.kept.values()].findLast((entry) => entry.key === key)
    return new Set(last === undefined ? [] : openPaths(last.tree))
  }
}

function idOf(key: string, sort: readonly Sort[]): string {
  return `${key} ${JSON.stringify(sort)}`
}

interface Opening {
  /** Groups that were open before. */
  keep: ReadonlySet<string>
  sort: readonly Sort[]
  signal?: AbortSignal
}

interface LevelRequest {
  path: readonly GroupKey[]
  page: number
  sort: readonly Sort[]
  signal?: AbortSignal
}

const NOTHING: OpenLevel = { path: [], groupCount: 0, open: new Map() }

/** Names of groups, then what is computed of them. */
function pivotColumns({ columns }: PivotPage): Column[] {
  return [toColumn(GROUP_COLUMN, 'VARCHAR'), ...columns.map(({ name, type }) => toColumn(name, type))]
}

interface LinesRequest {
  tree: OpenLevel
  depth: number
  read: (page: number) => Promise<PivotPage>
  label: (depth: number) => Grouping | undefined
}

/** Groups that stand on one level, one after the other. */
async function linesOf({ path, from, to }: Stretch, { tree, depth, read, label }: LinesRequest): Promise<GridRow[]> {
  const open = findLevel(tree, path)?.open
  const rows: GridRow[] = []
  for (let page = Math.floor(from / PAGE_GROUPS); page * PAGE_GROUPS <= to; page += 1) {
    const start = page * PAGE_GROUPS
    const { groups } = await read(page)
    for (const [i, { key, rowCount, cells }] of groups.entries()) {
      const at = start + i
      const [own = null] = key
      const grouping = label(path.length)
      const line: GroupLine = { path: [...path, own], at, rowCount, canOpen: path.length + 1 < depth, isOpen: open?.has(at) === true }
      if (at >= from && at <= to) rows.push([grouping === undefined ? own : groupLabel(grouping, own), ...cells, line])
    }
  }
  return rows
}

function totalRow({ total: { rowCount, cells } }: PivotPage): GridRow {
  const line: GroupLine = { path: [], at: 0, rowCount, canOpen: false, isOpen: true }
  return ['All rows', ...cells, line]
}

/** What a line is stands behind its cells. */
export function lineOf(row: GridRow): GroupLine {
  const line = row.at(-1)
  if (!isGroupLine(line)) throw new TypeError('A line of groups without its group')
  return line
}

function isGroupLine(value: unknown): value is GroupLine {
  return typeof value === 'object' && value !== null && 'path' in value && 'canOpen' in value
}

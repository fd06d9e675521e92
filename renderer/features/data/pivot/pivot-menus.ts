import { isTemporal, TIME_BUCKETS } from '../../../../shared/domain/chart.ts'
import { pivotMeasures, type PivotView } from '../../../../shared/domain/pivot.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { MenuGroups, MenuItem } from '../../../ui/popup-menu.tsx'
import { BUCKET_WORDS } from '../chart-spec.ts'
import { MEASURE_WORDS, type PivotZone, withColumn, withGrouping, withItemMoved, withMeasure, withoutItem, zoneFull } from './pivot-edit.ts'

interface PivotMenu {
  pivot: PivotView
  columns: readonly Column[]
  onPivot: (pivot: PivotView) => void
}

/** What the menu of a column header offers: the bar by keyboard. */
export function columnPivotItems(column: Column, { pivot, onPivot }: Pick<PivotMenu, 'pivot' | 'onPivot'>): MenuItem[] {
  const put = (zone: PivotZone): (() => void) => () => onPivot(withColumn(pivot, column, { zone }))
  return [
    { id: 'pivot-rows', label: 'Group by this', icon: 'sigma', disabled: zoneFull(pivot, 'rows') !== null, run: put('rows') },
    { id: 'pivot-columns', label: 'Pivot by this', icon: 'columns', disabled: zoneFull(pivot, 'columns') !== null, run: put('columns') },
    ...pivotMeasures(column).map((of): MenuItem => ({ id: `pivot-${of}`, label: `Summarise as ${MEASURE_WORDS[of]}`, disabled: zoneFull(pivot, 'values') !== null, run: () => onPivot(withColumn(pivot, column, { zone: 'values', measure: of })) })),
  ]
}

/** Columns that can still be put into a zone. */
export function addItems(zone: PivotZone, { pivot, columns, onPivot }: PivotMenu): MenuItem[] {
  return columns.map((column) => ({ id: column.name, label: column.name, ...(column.isMasked === true ? { icon: 'mask' as const, disabled: true } : {}), run: () => onPivot(withColumn(pivot, column, { zone })) }))
}

const WIDTHS = [1, 5, 10, 50, 100, 1_000, 10_000] as const

/** What can be changed about a chip, and where else it can go. */
export function chipItems({ zone, at }: { zone: PivotZone; at: number }, { pivot, columns, onPivot }: PivotMenu): MenuGroups {
  const item = pivot[zone][at]
  const column = columns.find(({ name }) => name === item?.column)
  return [
    zone === 'values' ? measureItems(at, column, { pivot, onPivot }) : stretchItems({ zone, at }, column, { pivot, onPivot }),
    placeItems({ zone, at }, { pivot, columns, onPivot }),
    [{ id: 'remove', label: 'Take out', icon: 'close', run: () => onPivot(withoutItem(pivot, { zone, at })) }],
  ]
}

function measureItems(at: number, column: Column | undefined, { pivot, onPivot }: Pick<PivotMenu, 'pivot' | 'onPivot'>): MenuItem[] {
  if (column === undefined) return []
  const { of: current } = pivot.values[at] ?? {}
  return pivotMeasures(column).map((of) => ({ id: of, label: MEASURE_WORDS[of], ...(of === current ? { icon: 'check' as const } : {}), run: () => onPivot(withMeasure(pivot, at, of)) }))
}

function stretchItems(place: { zone: 'rows' | 'columns'; at: number }, column: Column | undefined, { pivot, onPivot }: Pick<PivotMenu, 'pivot' | 'onPivot'>): MenuItem[] {
  const current = pivot[place.zone][place.at]
  if (column === undefined || current === undefined) return []
  const checked = (isOn: boolean): Pick<MenuItem, 'icon'> => (isOn ? { icon: 'check' } : {})
  if (isTemporal(column)) {
    const buckets = column.kind === 'date' ? TIME_BUCKETS.filter((bucket) => bucket !== 'hour') : TIME_BUCKETS
    return buckets.map((bucket) => ({ id: bucket, label: bucket === 'none' ? 'Each by itself' : BUCKET_WORDS[bucket], ...checked(current.bucket === bucket), run: () => onPivot(withGrouping(pivot, place, { bucket })) }))
  }
  if (column.kind !== 'number') return []
  return [
    { id: 'each', label: 'Each by itself', ...checked(current.width === undefined), run: () => onPivot(withGrouping(pivot, place, { width: null })) },
    ...WIDTHS.map((width): MenuItem => ({ id: `w${width}`, label: `In steps of ${width.toLocaleString('en')}`, ...checked(current.width === width), run: () => onPivot(withGrouping(pivot, place, { width })) })),
  ]
}

const ZONE_MOVES: Readonly<Record<PivotZone, string>> = { rows: 'Group by it instead', columns: 'Pivot by it instead', values: 'Summarise it instead' }

function placeItems(from: { zone: PivotZone; at: number }, { pivot, columns, onPivot }: PivotMenu): MenuItem[] {
  const { zone, at } = from
  const to = (place: { zone: PivotZone; at: number }): (() => void) => () => onPivot(withItemMoved(pivot, { from, to: place, columns }))
  const isColumn = pivot[zone][at]?.column !== null
  const other: PivotZone | null = zone === 'rows' ? 'columns' : zone === 'columns' ? 'rows' : null
  return [
    ...(at > 0 ? [{ id: 'left', label: 'Move to the left', icon: 'left' as const, run: to({ zone, at: at - 1 }) }] : []),
    ...(at < pivot[zone].length - 1 ? [{ id: 'right', label: 'Move to the right', icon: 'right' as const, run: to({ zone, at: at + 1 }) }] : []),
    ...(other !== null && isColumn ? [{ id: 'zone', label: ZONE_MOVES[other], disabled: zoneFull(pivot, other) !== null, run: to({ zone: other, at: pivot[other].length }) }] : []),
  ]
}

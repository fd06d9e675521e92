import { useMemo, useState } from 'react'
import { hasGroups, type PivotView } from '../../../../shared/domain/pivot.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { HeadDrop } from '../../../grid/head-drop.ts'
import { type DataSearch, dataAddress, goTo } from '../../../ui/addresses.ts'
import type { MenuItem } from '../../../ui/popup-menu.tsx'
import { useStable } from '../../../ui/use-stable.ts'
import { zoneAt } from './pivot-drop.ts'
import { EMPTY_PIVOT, type PivotZone, withColumn } from './pivot-edit.ts'
import { columnPivotItems } from './pivot-menus.ts'

export interface PivotBarState {
  /** What the bar holds; null: it is closed. */
  readonly pivot: PivotView | null
  /** Groups are shown in place of rows. */
  readonly isGrouped: boolean
  readonly onPivot: (pivot: PivotView) => void
  readonly onClose: () => void
  /** The zone over which a header is dragged. */
  readonly over: PivotZone | null
  /** For the grid of the rows: its headers can be dragged into the bar, and their menus do the same. */
  readonly headDrop: HeadDrop
  readonly columnMenu: (column: Column) => MenuItem[]
}

/** The bar of a dataset, which is part of the address. */
export function usePivotBar(dataset: string, search: DataSearch): PivotBarState {
  const [over, setOver] = useState<PivotZone | null>(null)
  const pivot = useStable(search.pivot ?? null)
  return useMemo(() => {
    const onPivot = (next: PivotView): void => goTo(dataAddress(dataset, { ...search, chart: undefined, pivot: next }))
    const held = pivot ?? EMPTY_PIVOT
    return {
      pivot,
      isGrouped: pivot !== null && hasGroups(pivot),
      onPivot,
      onClose: () => goTo(dataAddress(dataset, { ...search, pivot: undefined })),
      over,
      headDrop: {
        over: (point) => setOver(point === null ? null : (zoneAt(point)?.zone ?? null)),
        drop: (column, point) => {
          const place = zoneAt(point)
          if (place !== null) onPivot(withColumn(held, column, place))
          return place !== null
        },
      },
      columnMenu: (column) => columnPivotItems(column, { pivot: held, onPivot }),
    }
  }, [dataset, search, pivot, over])
}

import { skipToken, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ColumnOrigin } from '../../../shared/contract/column-lineage.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { columnKey, columnPath, type ColumnPath, type ColumnRef } from './column-path.ts'
import type { Direction } from './neighbourhood.ts'

export interface ChosenColumn {
  readonly column: ColumnRef | null
  /** The chosen one again: none. */
  readonly choose: (column: ColumnRef | null) => void
  /** Null as long as none is chosen, or what it comes from is not read yet. */
  readonly path: ColumnPath | null
  /** What the column comes from; null as long as that is not read. */
  readonly origin: ColumnOrigin | null
  readonly isReading: boolean
  readonly error: Error | null
  /** Also what decides about rows is on the path. */
  readonly withIndirect: boolean
  readonly setWithIndirect: (withIndirect: boolean) => void
}

interface ColumnPathRequest {
  /** Of which versions the graph is. */
  moment: { focus?: string; version?: number; asOf?: RunRef }
  /** The column in the address. */
  initial: ColumnRef | null
  direction: Direction
}

/** The chosen column and its way through the graph; what columns come from is read when one is first chosen. */
export function useColumnPath({ moment, initial, direction }: ColumnPathRequest): ChosenColumn {
  const { queries } = useApi()
  const [column, setColumn] = useState(initial)
  const [withIndirect, setWithIndirect] = useState(false)
  const { data, error, isFetching } = useQuery(queries.lineage.columns.queryOptions({ input: column === null ? skipToken : moment }))
  const path = useMemo(() => (column === null || data === undefined ? null : columnPath({ datasets: data.datasets, start: column, direction, withIndirect })), [column, data, direction, withIndirect])
  const origin = column === null ? undefined : data?.datasets.find(({ dataset }) => dataset === column.dataset)?.columns.find((one) => one.column.toLowerCase() === column.column.toLowerCase())
  return {
    column,
    choose: (next) => setColumn((now) => (now !== null && next !== null && columnKey(now) === columnKey(next) ? null : next)),
    path,
    origin: origin ?? null,
    isReading: isFetching && data === undefined,
    error,
    withIndirect,
    setWithIndirect,
  }
}

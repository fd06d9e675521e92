import type { GridApi, IDatasource, IGetRowsParams } from 'ag-grid-community'
import { type GridPage, type GridRow, lastRowOf, MAX_BLOCKS } from './grid-query.ts'
import { PageScheduler, type SchedulerState } from './page-scheduler.ts'
import type { ShownQuery } from './use-shown-query.ts'

export interface GridSource {
  readonly datasource: IDatasource
  readonly retry: () => void
  readonly close: () => void
}

const MAX_IN_FLIGHT = 2

interface SourceParts {
  api: GridApi<GridRow>
  onChange: (state: SchedulerState) => void
  /** Whether the first page is still what it was. */
  isFirst: () => boolean
}

/** Rows of one query for the grid: the first block is at hand, the others come through the scheduler. */
export function openGridSource(shown: ShownQuery, { api, onChange, isFirst }: SourceParts): GridSource {
  const scheduler = new PageScheduler<GridPage>({
    inView: () => ({ first: api.getFirstDisplayedRowIndex(), last: api.getLastDisplayedRowIndex() }),
    maxInFlight: MAX_IN_FLIGHT,
    maxWaiting: MAX_BLOCKS,
    onChange,
  })
  const deliver = (params: IGetRowsParams, page: GridPage): void => {
    params.successCallback([...page.rows], lastRowOf(page, params.startRow, shown.query))
  }
  const getRows = (params: IGetRowsParams): void => {
    if (params.startRow === 0 && isFirst()) {
      deliver(params, shown.page)
      return
    }
    scheduler.request({
      startRow: params.startRow,
      endRow: params.endRow,
      load: (signal) => shown.fetchPage({ ...shown.query, offset: params.startRow, limit: params.endRow - params.startRow, signal }),
      deliver: (page) => deliver(params, page),
    })
  }
  return { datasource: { getRows }, retry: () => scheduler.retry(), close: () => scheduler.close() }
}

import {
  CellApiModule,
  CellStyleModule,
  ColumnApiModule,
  ColumnAutoSizeModule,
  EventApiModule,
  InfiniteRowModelModule,
  type Module,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  TooltipModule,
} from 'ag-grid-community'

/** A missing module fails when it is used, not when it is built: this list names what data-grid.tsx and its parts call. */
export const GRID_MODULES: Module[] = [
  InfiniteRowModelModule,
  ColumnApiModule,
  ColumnAutoSizeModule,
  RowSelectionModule,
  RowApiModule,
  CellApiModule,
  ScrollApiModule,
  RenderApiModule,
  EventApiModule,
  CellStyleModule,
  RowStyleModule,
  TooltipModule,
]

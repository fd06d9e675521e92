import { themeQuartz } from 'ag-grid-community'

/** All values are our variables, so one theme serves light and dark, compact and comfortable. */
export const GRID_THEME = themeQuartz.withParams({
  backgroundColor: 'var(--surface)',
  foregroundColor: 'var(--text)',
  cellTextColor: 'var(--text)',
  accentColor: 'var(--accent)',
  chromeBackgroundColor: 'var(--sunken)',
  headerTextColor: 'var(--text-2)',
  headerFontWeight: 500,
  fontFamily: 'var(--font-ui)',
  fontSize: 'var(--grid-fs)',
  rowHeight: 'var(--row-h)',
  headerHeight: 'var(--head-h)',
  cellHorizontalPadding: 'var(--grid-cell-x)',
  spacing: 4,
  borderColor: 'var(--border)',
  rowBorder: { color: 'var(--border-faint)' },
  columnBorder: false,
  headerColumnBorder: { color: 'var(--border)' },
  headerColumnBorderHeight: '50%',
  headerColumnResizeHandleColor: 'transparent',
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  borderRadius: 4,
  rowHoverColor: 'var(--hover)',
  selectedRowBackgroundColor: 'var(--selected)',
  oddRowBackgroundColor: 'transparent',
  iconSize: 14,
  menuBackgroundColor: 'var(--raised)',
  popupShadow: 'var(--shadow-1)',
  focusShadow: 'none',
})

/** Row heights in numbers: the row model computes with them. The same as --row-h and --head-h. */
export function gridHeights(density: 'compact' | 'comfortable'): { rowHeight: number; headerHeight: number } {
  return density === 'comfortable' ? { rowHeight: 36, headerHeight: 34 } : { rowHeight: 28, headerHeight: 28 }
}

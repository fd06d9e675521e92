import type { XlsxOptions } from '../../../workspace/model.ts'

export const XLSX_DEFAULTS: XlsxOptions = { sheet: null, range: null, headerRows: 'first', merged: 'first', errors: 'quarantine', nullText: [] }

import { SaxesParser } from 'saxes'
import type { XlsxOptions } from '../../../workspace/model.ts'
import { feedXml } from './feed-xml.ts'
import { readMerges } from './merged-cells.ts'
import { listenForRows } from './sheet-cells.ts'
import { SheetTable, type TableOutput } from './sheet-table.ts'
import type { Sheet, Workbook } from './workbook.ts'

interface SheetReading {
  workbook: Workbook
  sheet: Sheet
  options: XlsxOptions
  out: TableOutput
  signal: AbortSignal
  /** After every chunk, with the bytes read so far; false: enough was read. */
  onChunk(bytes: number): Promise<boolean>
}

/** Reads the table of a sheet, row by row. */
export async function readSheet({ workbook, sheet, options, out, signal, onChunk }: SheetReading): Promise<void> {
  const { parts, file } = workbook
  const needsMerges = options.headerRows !== 'none' || options.merged === 'repeat'
  const merges = needsMerges ? await readMerges(parts, sheet.part, signal) : []
  const table = new SheetTable(options, merges, out)
  const parser = new SaxesParser()
  let isBelow = false
  listenForRows(parser, workbook, (line, cells) => {
    if (line > table.lastRow) isBelow = true
    else table.row(line, cells)
  })
  await feedXml({ parts, part: sheet.part, parser, file, signal, onChunk: async (bytes) => (await onChunk(bytes)) && !isBelow })
  table.end()
}

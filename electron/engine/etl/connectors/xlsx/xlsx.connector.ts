import type { Connector, SourceFile } from '../connector.ts'
import { extractTable, type TableReading } from '../table/extract-table.ts'
import { columnLetters } from './cell-reference.ts'
import { readSheet } from './read-sheet.ts'
import { selectSheets, sheetReference } from './select-sheets.ts'
import type { TableOutput } from './sheet-table.ts'
import { openWorkbook, type Sheet } from './workbook.ts'
import { XLSX_DEFAULTS } from './xlsx-options.ts'

/**
 * Excel workbooks, streamed: the sheet is never in memory, its shared texts are. Number formats decide what is a date; a column whose
 * cells are of several kinds is text. `_record` counts the rows that hold something below the header, over all sheets that are read.
 */
export const xlsxConnector: Connector = { format: 'xlsx', extract: (job) => extractTable(job, { read, hasLines: true }) }

async function read(file: SourceFile, reading: TableReading): Promise<void> {
  const { job, drain, report } = reading
  const { signal } = job
  const options = job.source.xlsx ?? XLSX_DEFAULTS
  using workbook = await openWorkbook(file.path, file.name, signal)
  const sheets = selectSheets(workbook, options.sheet)
  const totalBytes = sheets.reduce((sum, { part }) => sum + workbook.parts.sizeOf(part), 0)
  let doneBytes = 0
  for (const sheet of sheets) {
    const before = doneBytes
    const onChunk = async (bytes: number): Promise<boolean> => {
      await drain()
      report((before + bytes) / Math.max(1, totalBytes))
      return true
    }
    await readSheet({ workbook, sheet, options, signal, onChunk, out: outputTo(reading, sheet, options.errors) })
    doneBytes += workbook.parts.sizeOf(sheet.part)
  }
}

function outputTo({ sink }: TableReading, sheet: Sheet, errors: 'quarantine' | 'empty'): TableOutput {
  const positions = new Map<number, number>()
  const reference = sheetReference(sheet.name)
  sink.place()
  return {
    column(column, name, isNamed) {
      const position = sink.column(name, { isOptional: !isNamed })
      positions.set(column, position)
      sink.nameCells(position, `${reference}!${columnLetters(column)}`)
    },
    row(line, cells) {
      for (const { column, text, kind, problem } of cells) {
        const position = positions.get(column)
        if (position === undefined) continue
        if (problem === null) sink.set(position, text, kind)
        else if (errors === 'quarantine') sink.refuse(position, problem)
      }
      sink.end(line)
    },
  }
}

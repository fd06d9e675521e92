import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { XlsxOptions } from '../../../workspace/model.ts'
import { deliveredOnDisk } from '../../read-delivered.ts'
import { columnLetters } from './cell-reference.ts'
import { readSheet } from './read-sheet.ts'
import { selectSheets, sheetReference } from './select-sheets.ts'
import { openWorkbook } from './workbook.ts'

/** Sheet and row of a record, counted as the connector counts. Null where the workbook has fewer records. */
export async function locateRow({ path, member, record, options }: { path: string; member: string | null; record: number; options: XlsxOptions }, signal: AbortSignal): Promise<{ line: number | null; place: string | null }> {
  const scratchDir = await mkdtemp(join(tmpdir(), 'strata-locate-'))
  try {
    const name = basename(path)
    using workbook = await openWorkbook(await deliveredOnDisk({ path, name, member, signal }, scratchDir), name, signal)
    let records = 0
    let found: { line: number; place: string } | null = null
    for (const sheet of selectSheets(workbook, options.sheet)) {
      const row = (line: number, cells: readonly { column: number }[]): void => {
        if (++records !== record) return
        const first = cells.reduce((least, { column }) => Math.min(least, column), Infinity)
        found = { line, place: `${sheetReference(sheet.name)}!${columnLetters(Number.isFinite(first) ? first : 1)}${line}` }
      }
      await readSheet({ workbook, sheet, options, signal, out: { column: () => undefined, row }, onChunk: () => Promise.resolve(found === null) })
      if (found !== null) return found
    }
    return { line: null, place: null }
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

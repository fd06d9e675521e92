import { join } from 'node:path'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { watchProgress } from '../watch-progress.ts'
import { writeWide } from '../wide-table.ts'
import { type ExtractJob, fileNameSql, partName } from './connector.ts'
import type { ColumnsSql } from './infer-columns.ts'

/** A sixth of what DuckDB takes by itself: 100 MB less in memory and a fifth less of the processor's time, for files that are a hundredth or two larger. */
const GROUP_ROWS = 20_480

interface Writing {
  /** Records that are objects, with file, record, json. */
  relation: string
  sql: ColumnsSql
  /** Of the part, from 0. */
  index: number
  /** @param share from 0 to 1 */
  onProgress(share: number): void
}

/** Writes a part of what fits the types. @returns its name and how many rows it has */
export async function writeRecords(job: ExtractJob, { relation, sql: { typed, select, bad }, index, onProgress }: Writing): Promise<{ name: string; rows: number }> {
  const { duck, signal, layout, outDir, files } = job
  const provenance = layout === 'stored' ? `, ${fileNameSql(files, 'file')} AS _file, record AS _record` : ''
  const name = partName(index)
  using _progress = watchProgress(duck, onProgress)
  const [result] = await writeWide(duck, { columns: select.length, name: files[index]?.name ?? job.source.name, groupRows: GROUP_ROWS }, (options) => duck.rows(
    `COPY (SELECT ${select.join(', ')}${provenance} FROM ${bad === null ? typed(relation) : `(SELECT *, ${atItsPlace(bad)} AS bad FROM ${typed(relation)}) WHERE bad IS NULL`})
     TO ${quoteLiteral(join(outDir, name))} (${options})`,
    signal,
  ))
  return { name, rows: Number(result?.['Count']) }
}

/** DuckDB moves a filter down to where its rows come from, and would parse and cast every record a second time there; but not one that it takes for random. */
function atItsPlace(expression: string): string {
  return `CASE WHEN random() >= 0 THEN ${expression} END`
}

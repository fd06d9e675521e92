import { mkdir, statfs } from 'node:fs/promises'
import type { OpInput, OpOutput, SeenSource } from '../../workers/wire.ts'
import { watchProgress } from '../../etl/watch-progress.ts'
import { rowJsonSql } from '../cell-sql.ts'
import type { Duck } from '../duckdb.ts'
import { rangesOf } from '../read-page.ts'
import { numberedRanges } from '../version-relation.ts'
import { rowsDir } from './row-copies.ts'
import { writeRowCopy } from './row-copy.ts'

const LOOKED_AT_ROWS = 2_000
/** Of the disk's free space that a copy may take. */
const FREE_SHARE = 0.5
/** Writing it; the rest is finding where its rows begin. */
const WRITING_SHARE = 0.9

interface CopyOptions {
  signal: AbortSignal
  onProgress: (share: number) => void
}

/** Copies the rows of a version, unless they would take more room than there is for them. */
export async function copyRows(duck: Duck, { source, copyDir, mostBytes }: OpInput<'copy', 'rows'>, { signal, onProgress }: CopyOptions): Promise<OpOutput<'copy', 'rows'>> {
  const expectedBytes = await expectedSize(duck, source, signal)
  await mkdir(copyDir, { recursive: true })
  const { bavail, bsize } = await statfs(copyDir)
  if (expectedBytes > Math.min(mostBytes, bavail * bsize * FREE_SHARE)) return { expectedBytes }
  using _progress = watchProgress(duck, (share) => onProgress(share * WRITING_SHARE))
  return await writeRowCopy(duck, source, { dir: rowsDir(copyDir), signal })
}

/** Told from the rows at the beginning, in the middle and at the end. */
async function expectedSize(duck: Duck, source: SeenSource, signal: AbortSignal): Promise<number> {
  const starts = [0, Math.floor(source.rowCount / 2), Math.max(0, source.rowCount - LOOKED_AT_ROWS)]
  const ranges = starts.flatMap((start) => rangesOf(source.parts, start, LOOKED_AT_ROWS))
  const [row] = await duck.rows(`SELECT avg(strlen(${rowJsonSql(source.columns)}))::DOUBLE AS bytes FROM (${numberedRanges(source, ranges)})`, signal)
  return Math.ceil((Number(row?.['bytes'] ?? 0) + 2) * source.rowCount)
}

import { createHash } from 'node:crypto'
import { access, mkdir, rename, rm, utimes } from 'node:fs/promises'
import path from 'node:path'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { whenAbsent } from '../../zones/when-absent.ts'
import type { Duck } from '../duckdb.ts'
import { parquetScan } from '../version-relation.ts'

/** The order of a sorted or filtered view as a file, so that the next reader need not sort again. */
export interface KeptOrder {
  /** Where the copies of the version lie. */
  copyDir: string
  /** What the order is of. */
  key: string
  /** Rows that it must have; null where a filter decides. */
  rowCount: number | null
}

/** Takes the kept order as a table; false where there is none that is whole. */
export async function takeKeptOrder(duck: Duck, table: string, { kept, signal, log }: { kept: KeptOrder; signal: AbortSignal; log: (text: string) => void }): Promise<boolean> {
  const file = orderFile(kept)
  if (!(await access(file).then(() => true, whenAbsent(false)))) return false
  try {
    await duck.run(`CREATE TABLE ${table} AS SELECT part, "row" FROM ${parquetScan([file])}`, signal)
    const [counted] = await duck.rows(`SELECT count(*) AS n FROM ${table}`, signal)
    if (kept.rowCount === null || Number(counted?.['n']) === kept.rowCount) {
      // The one that nobody has used for the longest time goes first.
      await utimes(file, new Date(), new Date())
      return true
    }
    log(`${file} has ${String(counted?.['n'])} rows instead of ${kept.rowCount}`)
  } catch (error) {
    signal.throwIfAborted()
    log(`${file} cannot be used: ${toProblem(error).message}`)
  }
  await duck.run(`DROP TABLE IF EXISTS ${table}`)
  await rm(file, { force: true })
  return false
}

/** Without the file the order is made again next time, and no more. */
export async function keepOrder(duck: Duck, table: string, { kept, log }: { kept: KeptOrder; log: (text: string) => void }): Promise<void> {
  const file = orderFile(kept)
  const half = `${file}.${process.pid}.half`
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await duck.run(`COPY (SELECT part, "row" FROM ${table} ORDER BY rowid) TO ${quoteLiteral(half)} (FORMAT parquet, COMPRESSION snappy)`)
    await rename(half, file)
  } catch (error) {
    await rm(half, { force: true })
    log(`${file} cannot be kept: ${toProblem(error).message}`)
  }
}

function orderFile({ copyDir, key }: KeptOrder): string {
  return path.join(copyDir, 'orders', `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.parquet`)
}

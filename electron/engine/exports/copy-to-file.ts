import { rm, stat } from 'node:fs/promises'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { hashFile } from '../etl/hash-file.ts'
import { watchProgress } from '../etl/watch-progress.ts'
import { type Duck, openDuck } from '../query/duckdb.ts'
import type { OpContext } from '../workers/worker-server.ts'

interface Target {
  path: string
  format: 'csv' | 'parquet'
}

/** Of the whole; the rest is hashing. */
const COPY_SHARE = 0.95

/** COPY options by format. CSV as RFC 4180 has it: CRLF, quotes doubled; NULL is an empty field, empty text a quoted one. */
const FORMATS: Record<Target['format'], string> = {
  csv: String.raw`FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', NEW_LINE '\r\n'`,
  parquet: 'FORMAT parquet, COMPRESSION zstd',
}

/** Streams what a SELECT gives into a file, then hashes it. Leaves no file when it fails. `select` may look at the data before. */
export async function copyToFile({ path, format }: Target, { init, signal, progress }: OpContext<never>, select: (duck: Duck) => Promise<string>): Promise<{ rowCount: number; sizeBytes: number; sha256: string }> {
  using duck = await openDuck(init)
  try {
    const sql = await select(duck)
    const rowCount = await copy(duck, `COPY (${sql}) TO ${quoteLiteral(path)} (${FORMATS[format]})`, { signal, progress })
    progress({ share: COPY_SHARE, note: 'Hashing' })
    const [{ size }, sha256] = await Promise.all([stat(path), hashFile(path, { signal })])
    progress({ share: 1, note: null })
    return { rowCount, sizeBytes: size, sha256 }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

async function copy(duck: Duck, statement: string, { signal, progress }: Pick<OpContext<never>, 'signal' | 'progress'>): Promise<number> {
  using _progress = watchProgress(duck, (share) => progress({ share: share * COPY_SHARE, note: 'Writing' }))
  const [row] = await duck.rows(statement, signal)
  return Number(row?.['Count'])
}

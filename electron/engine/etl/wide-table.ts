import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Duck } from '../query/duckdb.ts'
import { copyParquetOptions } from './write-version.ts'

/** Above so many columns, what DuckDB holds at once for each of them is what decides. */
const WIDE_COLUMNS = 1_000
/** Rows of DuckDB's vectors; it works with no fewer at a time. */
const VECTOR_ROWS = 2_048
const GROUP_CELLS = 8_000_000
/** Vectors of a column between a file and its Parquet, by one thread. Measured: with 0.3, DuckDB does not fail but goes on for ever. */
const COLUMN_MB = 0.4
const MEMORY_STEP_MB = 256

interface Wide {
  /** That are written. */
  columns: number
  /** What has them, as a message begins. */
  name: string
  /** Of a row group, where the table is not wide; else DuckDB's own. */
  groupRows?: number
}

/**
 * Writes a table with the options of COPY that suit its width: many columns by one thread, in groups of few rows, and only where there is room.
 * @throws OUT_OF_MEMORY saying how many columns there are
 */
export async function writeWide<T>(duck: Duck, { columns, name, groupRows: usualRows }: Wide, write: (options: string) => Promise<T>): Promise<T> {
  if (columns <= WIDE_COLUMNS) return write(usualRows === undefined ? copyParquetOptions : `${copyParquetOptions}, ROW_GROUP_SIZE ${usualRows}`)
  const neededMb = MEMORY_STEP_MB * Math.ceil((COLUMN_MB * columns) / MEMORY_STEP_MB)
  if ((await memoryMb(duck)) < COLUMN_MB * columns) throw tooWide({ columns, name }, neededMb)
  await duck.run('SET threads = 1')
  const groupRows = VECTOR_ROWS * Math.max(1, Math.floor(GROUP_CELLS / columns / VECTOR_ROWS))
  try {
    return await write(`${copyParquetOptions}, ROW_GROUP_SIZE ${groupRows}`)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'OUT_OF_MEMORY') throw error
    throw tooWide({ columns, name }, neededMb + MEMORY_STEP_MB, error)
  }
}

const UNIT_MB: Readonly<Record<string, number>> = { KiB: 1 / 1_024, MiB: 1, GiB: 1_024, TiB: 1_048_576 }

async function memoryMb(duck: Duck): Promise<number> {
  const [row] = await duck.rows(`SELECT current_setting('memory_limit') AS limit`)
  const [, number, unit = ''] = /^([\d.]+) (\w+)$/.exec(String(row?.['limit'])) ?? []
  return number === undefined ? Infinity : Number(number) * (UNIT_MB[unit] ?? Infinity)
}

function tooWide({ columns, name }: Wide, neededMb: number, cause?: unknown): ProblemError {
  return new ProblemError('OUT_OF_MEMORY', `${name}: ${columns.toLocaleString('en')} columns at once need more memory than there is`, {
    ...(cause === undefined ? {} : { cause }),
    details: { columns: String(columns) },
    hint: `Raise limits.memory in strata.yaml to ${neededMb}MB, times the runs at once, or check that the delimiter is right; columns that hold data are better rows`,
  })
}

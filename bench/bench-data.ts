import { DuckDBInstance } from '@duckdb/node-api'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Everything that the measurements write. Ignored by git; may be deleted at any time. */
export const DATA_DIR = fileURLToPath(new URL('.data/', import.meta.url))

/** A new folder for one measurement. Its name tells whose it is, so that measurements started side by side leave each other alone. */
export function benchFolder(): string {
  mkdirSync(DATA_DIR, { recursive: true })
  return mkdtempSync(join(DATA_DIR, `run-${process.pid}-`))
}

/** Removes what measurements left that were stopped before their end. */
export function clearAbandoned(): void {
  mkdirSync(DATA_DIR, { recursive: true })
  for (const name of readdirSync(DATA_DIR)) {
    const pid = Number(/^run-(\d+)-/.exec(name)?.[1] ?? Number.NaN)
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(DATA_DIR, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Columns of the big file, as declared for reading it. */
export const ORDER_COLUMNS = {
  order_id: 'BIGINT',
  customer_id: 'INTEGER',
  product: 'VARCHAR',
  country: 'VARCHAR',
  ordered_at: 'TIMESTAMP',
  shipped_on: 'DATE',
  quantity: 'INTEGER',
  unit_price: 'DECIMAL(10,2)',
  discount: 'DOUBLE',
  remark: 'VARCHAR',
} as const

/** A CSV of `rowCount` rows and ten columns, about 120 bytes a row, always the same. Made once. */
export async function ordersCsv(rowCount: number): Promise<{ path: string; sizeBytes: number }> {
  const path = join(DATA_DIR, `orders-${rowCount}.csv`)
  if (!existsSync(path)) {
    mkdirSync(DATA_DIR, { recursive: true })
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const half = `${path}.${process.pid}.half`
    // Written aside and renamed, so that a half file is never taken for a whole one.
    await connection.run(`COPY (${ordersSelect(rowCount)}) TO '${half}' (FORMAT csv, HEADER)`)
    renameSync(half, path)
    connection.closeSync()
    instance.closeSync()
  }
  return { path, sizeBytes: statSync(path).size }
}

function ordersSelect(rowCount: number): string {
  return `
    SELECT
      i AS order_id,
      (hash(i) % 500000)::INTEGER AS customer_id,
      'product ' || (hash(i + 1) % 20000) AS product,
      ['Austria', 'Brazil', 'Canada', 'Denmark', 'Finland', 'Germany', 'Japan', 'Spain'][1 + (hash(i + 2) % 8)::INTEGER] AS country,
      TIMESTAMP '2020-01-01' + to_seconds((hash(i + 3) % 150000000)::BIGINT) AS ordered_at,
      DATE '2020-01-01' + (hash(i + 4) % 1800)::INTEGER AS shipped_on,
      1 + (hash(i + 5) % 40)::INTEGER AS quantity,
      ((100 + hash(i + 6) % 90000) / 100)::DECIMAL(10, 2) AS unit_price,
      (hash(i + 7) % 31)::DOUBLE / 100 AS discount,
      'lot ' || md5(i::VARCHAR) AS remark
    FROM range(1, ${rowCount + 1}) AS numbers(i)`
}

import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { SeenSource } from '../../workers/wire.ts'
import { columnOf } from '../column-of.ts'
import type { Duck } from '../duckdb.ts'
import { partStartsSql } from '../part-starts.ts'
import { storedNumbered } from '../version-relation.ts'

/**
 * Where the rows of a key lie: lines of one length, each the hash of a key and the number of a row, in the order of the hashes, so that
 * twenty short reads find a key among a million. The last line tells how many there are, and that the file is whole.
 */

const HASH_CHARS = 32
const ROW_DIGITS = 10
const LINE_BYTES = HASH_CHARS + 1 + ROW_DIGITS + 1
/** After every hash, which is made of 0 to f. */
const END = 'z'.repeat(HASH_CHARS)
/** Lines read at once behind the first of a key. */
const RUN_LINES = 64

export async function writeKeyFile(duck: Duck, { source, column, copyDir, signal }: { source: SeenSource; column: string; copyDir: string; signal: AbortSignal }): Promise<{ sizeBytes: number }> {
  const file = keyFile(copyDir, column)
  const half = `${file}.${process.pid}.half`
  await mkdir(path.dirname(file), { recursive: true })
  try {
    const [written] = await duck.rows(
      `COPY (SELECT left(sha256(k), ${HASH_CHARS}) || ' ' || printf('%0${ROW_DIGITS}d', pos) AS line FROM (${keysSql(source, column)}) WHERE k IS NOT NULL ORDER BY line)
        TO ${quoteLiteral(half)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')`,
      signal,
    )
    const count = Number(written?.['Count'])
    await using handle = await open(half, 'a')
    await handle.write(endLine(count))
    await rename(half, file)
    return { sizeBytes: (count + 1) * LINE_BYTES }
  } catch (error) {
    await rm(half, { force: true })
    throw error
  }
}

/** Of the stored values, also where they are masked: the file holds no more than their hashes. */
function keysSql(source: SeenSource, column: string): string {
  return `SELECT ${quoteIdentifier(columnOf(source.columns, column).name)}::VARCHAR AS k, "__row" + ${partStartsSql(source)}["__part" + 1] AS pos FROM (${storedNumbered(source)})`
}

function endLine(count: number): string {
  return `${END} ${String(count).padStart(ROW_DIGITS, '0')}\n`
}

/** Numbers of at most `limit` rows whose key, as text, is this one, in the order of the version; null where there is no whole file. */
export function findKey(copyDir: string, { column, key, limit }: { column: string; key: string; limit: number }): number[] | null {
  const descriptor = openIfThere(keyFile(copyDir, column))
  if (descriptor === null) return null
  try {
    const lines = fstatSync(descriptor).size / LINE_BYTES
    const count = lines - 1
    const read = (first: number, many: number): string => {
      const bytes = Buffer.allocUnsafe(Math.min(many, lines - first) * LINE_BYTES)
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, bytes.length, first * LINE_BYTES))
    }
    if (!Number.isInteger(count) || count < 0 || read(count, 1) !== endLine(count)) return null
    return rowsOf({ hash: hashOf(key), count, limit, read })
  } finally {
    closeSync(descriptor)
  }
}

interface Search {
  hash: string
  count: number
  limit: number
  read(first: number, many: number): string
}

function rowsOf({ hash, count, limit, read }: Search): number[] {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (read(middle, 1).slice(0, HASH_CHARS) < hash) low = middle + 1
    else high = middle
  }
  const rows: number[] = []
  for (let first = low; first < count; first += RUN_LINES) {
    for (const line of read(first, RUN_LINES).trimEnd().split('\n')) {
      if (!line.startsWith(hash) || rows.length === limit) return rows
      rows.push(Number(line.slice(HASH_CHARS + 1)))
    }
  }
  return rows
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, HASH_CHARS)
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

export function keyFile(copyDir: string, column: string): string {
  return path.join(copyDir, 'keys', `${createHash('sha256').update(column).digest('hex').slice(0, 32)}.keys`)
}

import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import { type Column, toColumn } from '../../../shared/domain/table-query.ts'
import type { Duck } from '../query/duckdb.ts'
import { globLiteral } from '../query/glob-literal.ts'
import { parquetScan } from '../query/version-relation.ts'
import type { WrittenVersion } from '../workers/wire.ts'
import { durable } from '../zones/durable.ts'
import { hashFile } from './hash-file.ts'

/** Options of every COPY that writes a part, without the parentheses, so that a writer may add its own. */
export const copyParquetOptions = 'FORMAT parquet, COMPRESSION zstd'

export interface WrittenFolder {
  dir: string
  /** At least one, all of the same columns; `file` is the delivered file behind a part of a `per_file` version. Rows where the writer counted them. */
  parts: { name: string; file: string | null; rowCount?: number }[]
  layout: WrittenVersion['layout']
  /** Columns of what was written, where they are known; as Parquet keeps them is looked up only where that may be otherwise. */
  columns?: readonly Column[]
  /** The rows have an order that what they were made from determines, so that the same input makes the same bytes. */
  isOrdered: boolean | (() => Promise<boolean>)
  signal: AbortSignal
}

/** Above this many rows, the order-free hash costs more than it is worth where the bytes say the same. */
export const MAX_ROWS_TO_HASH = 250_000

/** Types that come back from Parquet as they went in; others (HUGEINT, ENUM, INTERVAL, nested ones) may not. */
const KEPT_AS_IT_IS = /^(?:BOOLEAN|U?(?:TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|BLOB|DATE|TIME|TIMESTAMP|TIMESTAMP WITH TIME ZONE)$/

/** Reads back what a writer left in its folder: rows and bytes a part, columns, hashes. */
export async function describeWritten(duck: Duck, { dir, parts, layout, columns, isOrdered, signal }: WrittenFolder): Promise<WrittenVersion> {
  const paths = parts.map(({ name }) => join(dir, name))
  const relation = parquetScan(paths)
  const stored = columns?.every(({ type }) => KEPT_AS_IT_IS.test(type)) === true ? [...columns] : await duck.describe(`SELECT * FROM ${relation}`)
  const known = parts.flatMap(({ rowCount }) => rowCount ?? [])
  const rowCounts = known.length === parts.length ? known : await countRows(duck, paths, signal)
  const described = async ({ name, file }: WrittenFolder['parts'][number], index: number): Promise<WrittenVersion['parts'][number]> => {
    const path = join(dir, name)
    // The seal syncs it again, at no cost then; here the disk works while the processor hashes.
    const { size: sizeBytes } = await stat(path)
    const [sha256] = await Promise.all([hashFile(path, { signal, sizeBytes }), durable.syncFile(path)])
    return { name, file, rowCount: rowCounts[index] ?? 0, sizeBytes, sha256 }
  }
  const rowCount = rowCounts.reduce((sum, count) => sum + count, 0)
  const isHashedByBytes = rowCount > MAX_ROWS_TO_HASH && (typeof isOrdered === 'boolean' ? isOrdered : await isOrdered())
  const [rowHash, details] = await Promise.all([
    isHashedByBytes ? null : hashRows(duck, { relation, columns: stored, signal }),
    Promise.all(parts.map(described)),
  ])
  const shape = stored.map(({ name, type }) => [name, type])
  const content = rowHash ?? details.map(({ file, sha256 }) => [file, sha256])
  const provenance = layout === 'per_file' ? [toColumn('_file', 'VARCHAR'), toColumn('_record', 'BIGINT')] : []
  return {
    parts: details,
    layout,
    columns: [...stored, ...provenance],
    rowCount,
    contentHash: createHash('sha256').update(JSON.stringify([shape, content])).digest('hex'),
  }
}

async function countRows(duck: Duck, paths: string[], signal: AbortSignal): Promise<number[]> {
  const rows = await duck.rows(
    `SELECT file_name, num_rows::VARCHAR AS num_rows FROM parquet_file_metadata([${paths.map((path) => quoteLiteral(globLiteral(path))).join(', ')}])`,
    signal,
  )
  const byPath = new Map(rows.map((row) => [String(row['file_name']), Number(row['num_rows'])]))
  return paths.map((path) => byPath.get(path) ?? 0)
}

/**
 * Hash over count and rows, the same for any order of the rows. DuckDB's version is part of it because its `hash` may change with it.
 * Types have to be added, because `hash(1::INTEGER)` equals `hash(1::BIGINT)`.
 */
async function hashRows(duck: Duck, { relation, columns, signal }: { relation: string; columns: Column[]; signal: AbortSignal }): Promise<unknown> {
  const row = `hash(${columns.map(({ name }) => quoteIdentifier(name)).join(', ')})`
  const [sums] = await duck.rows(
    `SELECT version() AS engine, count(*)::VARCHAR AS n, sum(${row})::VARCHAR AS total, bit_xor(${row})::VARCHAR AS folded FROM ${relation}`,
    signal,
  )
  return sums
}

import { stat } from 'node:fs/promises'
import path from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../../query/duckdb.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import type { EntityAccount, EntityIndex } from '../../workers/wire.ts'
import { durable } from '../../zones/durable.ts'
import { hashFile } from '../hash-file.ts'
import { entityLines, resultLines } from './entity-lines.ts'

const INDEX_NAME = 'entities.parquet'

/**
 * Writes which entities a version is made of, and from what. One that was processed has the hash of today, one that was carried
 * over the hash it was made from; what failed is left out, so that it is tried again.
 */
export async function writeEntityIndex(duck: Duck, { files, before }: EntityAccount, { outDir, signal }: { outDir: string; signal: AbortSignal }): Promise<EntityIndex> {
  const target = path.join(outDir, INDEX_NAME)
  const processed = (await isEmpty(files.results))
    ? []
    : [`SELECT h.entity, h.input_hash, r.state, r.row_count FROM (${resultLines(files.results)}) r JOIN ${parquetScan([files.hashes])} h ON h.entity = r.entity WHERE r.state IN ('succeeded', 'skipped')`]
  const carried = before === null || before.index === null ? [] : [`SELECT entity, input_hash, state, row_count FROM ${parquetScan([before.index])} WHERE ${await stays('entity', files.except)}`]
  const none = `SELECT NULL::VARCHAR AS entity, NULL::VARCHAR AS input_hash, NULL::VARCHAR AS state, NULL::BIGINT AS row_count WHERE false`
  await duck.run(`COPY (${[none, ...processed, ...carried].join(' UNION ALL ')} ORDER BY entity) TO ${quoteLiteral(target)} (FORMAT parquet, COMPRESSION zstd)`, signal)
  const [row] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${parquetScan([target])}`, signal)
  const [sha256] = await Promise.all([hashFile(target, { signal }), durable.syncFile(target)])
  return { name: INDEX_NAME, rowCount: Number(row?.['n'] ?? 0), sha256 }
}

/** The SELECT, and the rows of the version before that stay. */
export async function withCarriedRows(select: string, { key, files, before }: EntityAccount): Promise<string> {
  if (before === null) return select
  return `SELECT * FROM (${select}) UNION ALL BY NAME SELECT * FROM (${versionRelation(before.source)}) WHERE ${await stays(`${quoteIdentifier(key)}::VARCHAR`, files.except)}`
}

/** Without a line there is nothing for DuckDB to read, and everything stays. */
async function stays(entity: string, exceptFile: string): Promise<string> {
  return (await isEmpty(exceptFile)) ? `${entity} IS NOT NULL` : `${entity} NOT IN (SELECT entity FROM (${entityLines(exceptFile)}))`
}

export async function isEmpty(file: string): Promise<boolean> {
  return (await stat(file)).size === 0
}

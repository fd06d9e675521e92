import path from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../../query/duckdb.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import type { EntityAccount, EntityIndex } from '../../workers/wire.ts'
import { durable } from '../../zones/durable.ts'
import { hashFile } from '../hash-file.ts'
import { entityLines, resultLines } from './entity-lines.ts'

const INDEX_NAME = 'entities.parquet'

interface IndexToWrite {
  /** SELECT of entity, state and row_count of what was processed; null: as the ledger has it. */
  processed: string | null
  outDir: string
  signal: AbortSignal
}

/**
 * Writes which entities a version is made of, and from what. One that was processed has the hash of today, one that was carried
 * over the hash it was made from; what failed is left out, so that it is tried again.
 */
export async function writeEntityIndex(duck: Duck, { files, before }: EntityAccount, { processed, outDir, signal }: IndexToWrite): Promise<EntityIndex> {
  const target = path.join(outDir, INDEX_NAME)
  const results = processed ?? (await resultLines(files.results))
  const selects = [`SELECT h.entity, h.input_hash, r.state, r.row_count FROM (${results}) r JOIN ${parquetScan([files.hashes])} h ON h.entity = r.entity WHERE r.state IN ('succeeded', 'skipped')`]
  if (before !== null && before.index !== null) selects.push(`SELECT entity, input_hash, state, row_count FROM ${parquetScan([before.index])} WHERE ${await stays('entity', files.except)}`)
  await duck.run(`COPY (${selects.join(' UNION ALL ')} ORDER BY entity) TO ${quoteLiteral(target)} (FORMAT parquet, COMPRESSION zstd)`, signal)
  const [row] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${parquetScan([target])}`, signal)
  const [sha256] = await Promise.all([hashFile(target, { signal }), durable.syncFile(target)])
  return { name: INDEX_NAME, rowCount: Number(row?.['n'] ?? 0), sha256 }
}

/** The SELECT, and the rows of the version before that stay. */
export async function withCarriedRows(select: string, { key, files, before }: EntityAccount): Promise<string> {
  if (before === null) return select
  return `SELECT * FROM (${select}) UNION ALL BY NAME SELECT * FROM (${rowsAsMade(before)}) WHERE ${await stays(`${quoteIdentifier(key)}::VARCHAR`, files.except)}`
}

/** A version as its step made it, before rows were taken out or corrected: what is carried over is sifted anew. */
export function rowsAsMade({ source, originals }: NonNullable<EntityAccount['before']>): string {
  const kept = versionRelation(source)
  if (originals === null) return kept
  const side = (isMade: boolean): string => `SELECT * EXCLUDE ("__made") FROM ${parquetScan([originals.path])} WHERE "__made" = ${isMade}`
  const columns = source.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const untouched = originals.replaced === 0 ? kept : `SELECT ${columns} FROM (${kept}) EXCEPT ALL SELECT ${columns} FROM (${side(false)})`
  return `SELECT * FROM (${untouched}) UNION ALL BY NAME ${side(true)}`
}

async function stays(entity: string, exceptFile: string): Promise<string> {
  return `${entity} NOT IN (SELECT entity FROM (${await entityLines(exceptFile)}))`
}

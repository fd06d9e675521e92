import { openDuck } from '../../query/duckdb.ts'
import { parquetScan } from '../../query/version-relation.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { keyedReads, needsProvenance, refuseMissingKey } from './entity-reads.ts'
import { presentEntities } from './plan-entities.ts'

/** How many entities a step would work on, and a page of them: the same comparison as the step makes, with nothing written. */
export async function lookAtEntities({ key, reads, statement, beforeIndex, offset, limit }: OpInput<'run', 'lookAtEntities'>, context: OpContext<never>): Promise<OpOutput<'run', 'lookAtEntities'>> {
  if (statement === null) for (const source of reads) refuseMissingKey(source, key)
  using duck = await openDuck(context.init)
  const withProvenance = statement === null || (await needsProvenance(context.init, statement, key))
  const before = beforeIndex === null ? null : parquetScan([beforeIndex])
  const looked = before === null ? `SELECT entity, 'all' AS reason FROM present` : `SELECT p.entity, CASE WHEN b.entity IS NULL THEN 'new' WHEN b.input_hash = p.input_hash THEN NULL ELSE 'changed' END AS reason FROM present p LEFT JOIN ${before} b ON b.entity = p.entity`
  await duck.run(`CREATE TEMP TABLE present AS ${presentEntities(keyedReads(reads, key, withProvenance))}; CREATE TEMP TABLE looked AS ${looked}`, context.signal)
  const [counts] = await duck.rows('SELECT count(*)::DOUBLE AS total, count(reason)::DOUBLE AS todo FROM looked')
  const page = await duck.rows(`SELECT entity, reason FROM looked WHERE reason IS NOT NULL ORDER BY entity LIMIT ${limit} OFFSET ${offset}`)
  return {
    total: Number(counts?.['total'] ?? 0),
    todo: Number(counts?.['todo'] ?? 0),
    entities: page.map((row) => ({ entityId: String(row['entity']), reason: row['reason'] === 'new' || row['reason'] === 'changed' ? row['reason'] : 'all' })),
  }
}

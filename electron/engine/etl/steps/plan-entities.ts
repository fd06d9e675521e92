import { datasetId, quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { openDuck } from '../../query/duckdb.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { linesOptions } from './entity-lines.ts'
import { type KeyedRead, keyedReads, needsProvenance, refuseOtherGrain } from './entity-reads.ts'

type Input = OpInput<'run', 'planEntities'>

const NO_INDEX = `SELECT NULL::VARCHAR AS entity, NULL::VARCHAR AS input_hash, NULL::VARCHAR AS state, NULL::BIGINT AS row_count WHERE false`

/**
 * Hashes the input rows of every entity, free of their order, and holds them against the index of the version before. The hash is
 * DuckDB's, so its version is hashed too: with another one, every entity counts as changed.
 */
export async function planEntities(input: Input, context: OpContext<never>): Promise<OpOutput<'run', 'planEntities'>> {
  const { key, reads, statement, beforeIndex, files } = input
  using duck = await openDuck(context.init)
  if (statement !== null) await refuseOtherGrain(duck, statement, key)
  const withProvenance = statement === null || (await needsProvenance(context.init, statement, key))
  const keyed = keyedReads(reads, key, withProvenance)
  const before = beforeIndex === null ? NO_INDEX : `SELECT * FROM ${parquetScan([beforeIndex])}`
  await duck.run(
    `CREATE TEMP TABLE present AS
       SELECT entity, md5(version() || string_agg(part, ' ' ORDER BY ordinal)) AS input_hash FROM (${keyed.map(hashedRead).join(' UNION ALL ')}) GROUP BY entity;
     COPY (SELECT entity, input_hash FROM present ORDER BY entity) TO ${quoteLiteral(files.hashes)} (FORMAT parquet);
     CREATE TEMP TABLE plan AS
       SELECT coalesce(p.entity, b.entity) AS entity, b.row_count,
         CASE WHEN p.entity IS NULL THEN 'gone' WHEN b.input_hash = p.input_hash THEN b.state ELSE 'run' END AS kind
       FROM present p FULL JOIN (${before}) b ON b.entity = p.entity;
     COPY (SELECT json_array(entity, kind, coalesce(row_count, 0))::VARCHAR AS line FROM plan ORDER BY entity) TO ${quoteLiteral(files.plan)} (${linesOptions})`,
    context.signal,
  )
  const [counted] = await duck.rows('SELECT count(*)::DOUBLE AS n FROM present')
  let withoutKey = 0
  for (const { source, key: column } of keyed) {
    const [row] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM (${versionRelation(source)}) WHERE ${quoteIdentifier(column)} IS NULL`, context.signal)
    withoutKey += Number(row?.['n'] ?? 0)
  }
  return { total: Number(counted?.['n'] ?? 0), withoutKey, withProvenance }
}

function hashedRead({ source, key, relation, columns }: KeyedRead, ordinal: number): string {
  const row = `hash(${columns.map(quoteIdentifier).join(', ')})`
  const sums = `count(*)::VARCHAR || ':' || sum(h)::VARCHAR || ':' || bit_xor(h)::VARCHAR`
  return `SELECT entity, ${ordinal} AS ordinal, ${quoteLiteral(datasetId(source.dataset))} || ' ' || ${sums} AS part
    FROM (SELECT ${quoteIdentifier(key)}::VARCHAR AS entity, ${row} AS h FROM (${relation})) GROUP BY entity`
}

import { datasetId, quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { copyEntities, copyTallies, entityLines } from './entity-lines.ts'
import { type KeyedRead, keyedReads, needsProvenance, refuseMissingKey, refuseOtherGrain } from './entity-reads.ts'

type Input = OpInput<'run', 'planEntities'>

const NO_INDEX = `SELECT NULL::VARCHAR AS entity, NULL::UBIGINT AS input_hash, NULL::VARCHAR AS state, NULL::BIGINT AS row_count WHERE false`

/**
 * Hashes the input rows of every entity, free of their order, and holds them against the index of the version before. The hash is
 * DuckDB's, so its version is hashed too: with another one, every entity counts as changed.
 */
export async function planEntities(input: Input, context: OpContext<never>): Promise<OpOutput<'run', 'planEntities'>> {
  const { key, reads, statement, files } = input
  const { signal } = context
  using duck = await openDuck(context.init)
  if (statement !== null) await refuseOtherGrain(duck, statement, key)
  else for (const source of reads) refuseMissingKey(source, key)
  const withProvenance = statement === null || (await needsProvenance(context.init, statement, key))
  const keyed = keyedReads(reads, key, withProvenance)
  await duck.run(
    `CREATE TEMP TABLE present AS
       ${presentEntities(keyed)};
     COPY (SELECT entity, input_hash FROM present) TO ${quoteLiteral(files.hashes)} (FORMAT parquet);
     CREATE TEMP TABLE plan AS ${await planned(input)};
     ${copyEntities(`SELECT entity FROM plan WHERE kind = 'run'`, files.todo)};
     ${copyEntities(`SELECT entity FROM plan WHERE kind NOT IN ('succeeded', 'skipped')`, files.except)};
     ${copyTallies(`SELECT entity, kind AS state, row_count FROM plan WHERE kind IN ('succeeded', 'skipped')`, files.carried)}`,
    signal,
  )
  const [counted] = await duck.rows(
    `SELECT (SELECT count(*) FROM present)::DOUBLE AS total, count_if(kind = 'run')::DOUBLE AS todo, count_if(kind IN ('succeeded', 'skipped'))::DOUBLE AS carried FROM plan`,
  )
  const absent = await duck.rows(`SELECT entity FROM plan WHERE kind = 'absent' ORDER BY entity`)
  return {
    total: Number(counted?.['total'] ?? 0),
    todo: Number(counted?.['todo'] ?? 0),
    carried: Number(counted?.['carried'] ?? 0),
    absent: absent.map((row) => String(row['entity'])),
    withoutKey: await countWithoutKey(duck, keyed, signal),
    withProvenance,
  }
}

/** Every entity of what is read, with the hash of its rows. */
export function presentEntities(keyed: readonly KeyedRead[]): string {
  return `SELECT entity, hash(version(), count(*), sum(h), bit_xor(h)) AS input_hash FROM (${keyed.map(hashedRead).join(' UNION ALL ')}) GROUP BY entity`
}

/** Every row with its entity; the dataset is part of the hash, or rows could change places between two of them unseen. */
function hashedRead({ source, key, relation, columns }: KeyedRead): string {
  const values = [quoteLiteral(datasetId(source.dataset)), ...columns.map(quoteIdentifier)]
  return `SELECT ${quoteIdentifier(key)}::VARCHAR AS entity, hash(${values.join(', ')}) AS h FROM (${relation})`
}

/** What is to become of each entity: run, done by an earlier attempt, gone from the input, absent though asked for, or the state that it keeps. */
async function planned({ beforeIndex, namedFile, finishedFile }: Input): Promise<string> {
  const finished = `entity IN (SELECT entity FROM (${await entityLines(finishedFile)}))`
  if (namedFile !== null) {
    return `SELECT DISTINCT n.entity, 0 AS row_count, CASE WHEN n.${finished} THEN 'done' WHEN p.entity IS NULL THEN 'absent' ELSE 'run' END AS kind
      FROM (${await entityLines(namedFile)}) n LEFT JOIN present p ON p.entity = n.entity`
  }
  const before = beforeIndex === null ? NO_INDEX : `SELECT * FROM ${parquetScan([beforeIndex])}`
  return `SELECT coalesce(p.entity, b.entity) AS entity, coalesce(b.row_count, 0) AS row_count,
      CASE WHEN p.entity IS NULL THEN 'gone' WHEN p.${finished} THEN 'done' WHEN b.input_hash = p.input_hash THEN b.state ELSE 'run' END AS kind
    FROM present p FULL JOIN (${before}) b ON b.entity = p.entity`
}

async function countWithoutKey(duck: Duck, keyed: readonly KeyedRead[], signal: AbortSignal): Promise<number> {
  const counts = keyed.map(({ source, key }) => `(SELECT count(*) FROM (${versionRelation(source)}) WHERE ${quoteIdentifier(key)} IS NULL)`)
  const [row] = await duck.rows(`SELECT (${counts.join(' + ')})::DOUBLE AS n`, signal)
  return Number(row?.['n'] ?? 0)
}

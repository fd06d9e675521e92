import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../../query/duckdb.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import { defineViews } from '../../query/view-set.ts'
import type { EntityAccount, SqlToRun } from '../../workers/wire.ts'
import { isEmpty } from './entity-index.ts'
import { entityLines, linesOptions } from './entity-lines.ts'
import { keyedReads, strangerProblem } from './entity-reads.ts'

/**
 * Datasets with entities as they are for those that need work: without rows that belong to no entity, and where a version before
 * stands in for the others, without their rows.
 */
export async function defineEntityViews(duck: Duck, { reads, dataType }: SqlToRun, entity: EntityAccount): Promise<void> {
  const keyed = keyedReads(reads, entity.key, entity.withProvenance)
  await duck.run(`CREATE TABLE memory.main.todo AS ${(await isEmpty(entity.files.todo)) ? 'SELECT NULL::VARCHAR AS entity WHERE false' : entityLines(entity.files.todo)}`)
  await defineViews(duck, reads, dataType, (source) => {
    const read = keyed.find((candidate) => candidate.source === source)
    if (read === undefined) return versionRelation(source)
    return entity.before === null ? read.relation : `SELECT * FROM (${read.relation}) WHERE ${quoteIdentifier(read.key)}::VARCHAR IN (SELECT entity FROM memory.main.todo)`
  })
}

/** Leaves [entity, state, rows] of every entity that was worked on. */
export async function countEntities(duck: Duck, { key, files, before }: EntityAccount, { part, signal }: { part: string; signal: AbortSignal }): Promise<void> {
  await duck.run(`CREATE TEMP TABLE counted AS SELECT ${quoteIdentifier(key)}::VARCHAR AS entity, count(*) AS n FROM ${parquetScan([part])} GROUP BY 1`, signal)
  const mayBe = before === null ? 'SELECT entity FROM memory.main.todo' : `SELECT entity FROM memory.main.todo UNION ALL SELECT ${quoteIdentifier(key)}::VARCHAR FROM (${versionRelation(before.source)})`
  const [strangers] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM counted WHERE entity IS NULL OR entity NOT IN (${mayBe})`, signal)
  if (Number(strangers?.['n'] ?? 0) > 0) throw strangerProblem(key)
  await duck.run(
    `COPY (SELECT json_array(t.entity, 'succeeded', coalesce(c.n, 0))::VARCHAR AS line FROM memory.main.todo t LEFT JOIN counted c ON c.entity = t.entity ORDER BY t.entity)
     TO ${quoteLiteral(files.results)} (${linesOptions})`,
    signal,
  )
}

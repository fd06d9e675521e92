import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../../query/duckdb.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import { defineRelations } from '../../query/view-set.ts'
import type { EntityAccount, SqlToRun, VersionSource } from '../../workers/wire.ts'
import { rowsAsMade } from './entity-index.ts'
import { copyTallies, entityLines } from './entity-lines.ts'
import { keyedReads, strangerProblem } from './entity-reads.ts'

/**
 * Datasets with entities as they are for those that need work: without rows that belong to no entity, and where a version before
 * stands in for the others, without their rows.
 */
export async function defineEntityViews(duck: Duck, { reads, dataType }: SqlToRun, { key, withProvenance, before, files }: EntityAccount): Promise<void> {
  const keyed = keyedReads(reads, key, withProvenance)
  // Without a version before, everything that is there needs work.
  await duck.run(`CREATE TABLE memory.main.todo AS ${before === null ? `SELECT entity FROM ${parquetScan([files.hashes])}` : await entityLines(files.todo)}`)
  const relationOf = (source: VersionSource): string => {
    const read = keyed.find((candidate) => candidate.source === source)
    if (read === undefined) return versionRelation(source)
    return before === null ? read.relation : `SELECT * FROM (${read.relation}) WHERE ${quoteIdentifier(read.key)}::VARCHAR IN (SELECT entity FROM memory.main.todo)`
  }
  await defineRelations(duck, { reads, defaultDataType: dataType, relationOf })
}

/**
 * Leaves the tallies of every entity that was worked on.
 * @returns the same as a SELECT
 */
export async function countEntities(duck: Duck, { key, files, before }: EntityAccount, { part, signal }: { part: string; signal: AbortSignal }): Promise<string> {
  const mayBe = before === null ? '' : ` AND c.entity NOT IN (SELECT ${quoteIdentifier(key)}::VARCHAR FROM (${rowsAsMade(before)}))`
  await duck.run(
    `CREATE TEMP TABLE counted AS
       SELECT t.entity, c.entity AS given, 'succeeded' AS state, coalesce(c.n, 0) AS row_count
       FROM memory.main.todo t FULL JOIN (SELECT ${quoteIdentifier(key)}::VARCHAR AS entity, count(*) AS n FROM ${parquetScan([part])} GROUP BY 1) c ON c.entity = t.entity
       WHERE t.entity IS NOT NULL OR (true${mayBe})`,
    signal,
  )
  const [strangers] = await duck.rows('SELECT count(*)::DOUBLE AS n FROM counted WHERE entity IS NULL')
  if (Number(strangers?.['n'] ?? 0) > 0) throw strangerProblem(key)
  await duck.run(`${copyTallies('SELECT entity, state, row_count FROM counted', files.tallies)}; DROP TABLE memory.main.todo`, signal)
  return 'SELECT entity, state, row_count FROM counted'
}

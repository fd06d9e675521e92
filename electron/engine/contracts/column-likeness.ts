import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import { openDuck } from '../query/duckdb.ts'
import { versionRelation } from '../query/version-relation.ts'
import type { PairLikeness } from '../workers/checks.wire.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { OpInput } from '../workers/wire.ts'

/** Values of the new column that are looked for in the old one. */
const SAMPLE = 1_000

/** How many of the values of a new column the old one has as well, for each pair: what tells a renamed column from another one. */
export async function columnLikeness({ before, after, pairs }: OpInput<'run', 'likeness'>, { init, signal }: OpContext<never>): Promise<PairLikeness[]> {
  using duck = await openDuck(init)
  const found: PairLikeness[] = []
  for (const { from, to } of pairs) {
    const [row] = await duck.rows(
      `WITH sample AS (SELECT DISTINCT ${quoteIdentifier(to)} AS v FROM (SELECT ${quoteIdentifier(to)} FROM (${versionRelation(after)}) WHERE ${quoteIdentifier(to)} IS NOT NULL LIMIT ${SAMPLE}))
       SELECT count(*) AS n, count(*) FILTER (v IN (SELECT ${quoteIdentifier(from)} FROM (${versionRelation(before)}) WHERE ${quoteIdentifier(from)} IS NOT NULL)) AS known FROM sample`,
      signal,
    )
    const n = Number(row?.['n'])
    found.push({ from, to, share: n === 0 ? null : Number(row?.['known']) / n })
  }
  return found
}

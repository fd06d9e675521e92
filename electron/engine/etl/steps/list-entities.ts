import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { openDuck } from '../../query/duckdb.ts'
import { versionRelation } from '../../query/version-relation.ts'
import type { OpInput, OpOutput, VersionSource } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'

/** The distinct keys of a version as a file, one JSON string a line, in key order. Rows without a key are counted, not listed. */
export async function listEntities(input: OpInput<'run', 'listEntities'>, context: OpContext<never>): Promise<OpOutput<'run', 'listEntities'>> {
  const { source, key, outFile } = input
  refuseMissingKey(source, key)
  using duck = await openDuck(context.init)
  const column = quoteIdentifier(key)
  const relation = versionRelation(source)
  await duck.run(
    `COPY (SELECT to_json(k) AS line FROM (SELECT DISTINCT ${column}::VARCHAR AS k FROM (${relation}) WHERE ${column} IS NOT NULL) ORDER BY k)
     TO ${quoteLiteral(outFile)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')`,
    context.signal,
  )
  const [row] = await duck.rows(
    `SELECT count(DISTINCT ${column}::VARCHAR)::DOUBLE AS count, count_if(${column} IS NULL)::DOUBLE AS without_key FROM (${relation})`,
    context.signal,
  )
  return { count: Number(row?.['count'] ?? 0), withoutKey: Number(row?.['without_key'] ?? 0) }
}

/** Says at once which column is missing, instead of a binder error in the middle of a generated statement. */
export function refuseMissingKey(source: VersionSource, key: string): void {
  if (source.columns.some((column) => column.name === key)) return
  const { dataType, zone, name } = source.dataset
  throw new ProblemError('STEP_FAILED', `${dataType}.${zone}.${name} has no column "${key}" to name its entities by`, {
    hint: `Its columns are ${source.columns.map((column) => column.name).join(', ')}. Set entity.key in the step's sidecar or in pipeline.yaml`,
    details: { errorClass: 'bad_code' },
  })
}

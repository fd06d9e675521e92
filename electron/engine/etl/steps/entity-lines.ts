import { stat } from 'node:fs/promises'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'

/** Lists of entities between engine and worker: files with a JSON value a line. */

const LINES = `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'`
/** Entities a line where thousands stand in one: a transaction of the ledger each. */
const BATCH = 5_000

/** Entities of a file with one JSON string a line, as `entity`. */
export async function entityLines(file: string): Promise<string> {
  if (await isEmptyFile(file)) return 'SELECT NULL::VARCHAR AS entity WHERE false'
  return `SELECT json ->> '$' AS entity FROM ${jsonLines(file)}`
}

/** What became of entities, from a file with an array [entity, state, rows] a line. */
export async function resultLines(file: string): Promise<string> {
  if (await isEmptyFile(file)) return 'SELECT NULL::VARCHAR AS entity, NULL::VARCHAR AS state, NULL::BIGINT AS row_count WHERE false'
  return `SELECT json ->> '$[0]' AS entity, json ->> '$[1]' AS state, (json ->> '$[2]')::BIGINT AS row_count FROM ${jsonLines(file)}`
}

/** Writes `entity` of a SELECT, a JSON string a line. */
export function copyEntities(select: string, file: string): string {
  return `COPY (SELECT to_json(entity)::VARCHAR AS line FROM (${select}) ORDER BY entity) TO ${quoteLiteral(file)} (${LINES})`
}

/** Writes `entity`, `state` and `row_count` of a SELECT as the ledger takes them, thousands a line. */
export function copyTallies(select: string, file: string): string {
  return `COPY (
    SELECT '[' || string_agg(line, ',') || ']' AS line
    FROM (SELECT json_array(entity, state, row_count)::VARCHAR AS line, (row_number() OVER () - 1) // ${BATCH} AS batch FROM (${select}))
    GROUP BY batch ORDER BY batch
  ) TO ${quoteLiteral(file)} (${LINES})`
}

function jsonLines(file: string): string {
  return `read_json_objects([${quoteLiteral(globLiteral(file))}], format = 'newline_delimited')`
}

/** Without a line there is nothing that DuckDB could read. */
export async function isEmptyFile(file: string): Promise<boolean> {
  return (await stat(file)).size === 0
}

import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'

/** Lists of entities between engine and worker: a file with one JSON value a line. */

/** COPY options that write JSON text as it is, a line each. */
export const linesOptions = `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\\x01'`

/** Entities of a file with one JSON string a line, as `entity`. */
export function entityLines(file: string): string {
  return `SELECT json ->> '$' AS entity FROM read_json_objects([${quoteLiteral(globLiteral(file))}], format = 'newline_delimited')`
}

/** What became of entities, from a file with an array [entity, state, rows] a line. */
export function resultLines(file: string): string {
  return `SELECT json ->> '$[0]' AS entity, json ->> '$[1]' AS state, (json ->> '$[2]')::BIGINT AS row_count
    FROM read_json_objects([${quoteLiteral(globLiteral(file))}], format = 'newline_delimited')`
}

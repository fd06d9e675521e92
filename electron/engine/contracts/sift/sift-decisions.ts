import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { exactCast } from '../../etl/casts/exact-cast.ts'
import type { Duck } from '../../query/duckdb.ts'
import { PLACE, type Sift } from './sift-tables.ts'

interface Decisions {
  /** Rules that nobody is to be held to. */
  waived: ReadonlySet<string>
  /** Some are about one record. */
  areAboutRecords: boolean
}

/** Reads what was decided about the dataset. */
export async function readDecisions(duck: Duck, file: string | null): Promise<Decisions> {
  await duck.run(`
    CREATE TEMP TABLE sift_decisions (id BIGINT, record VARCHAR, signature VARCHAR, kind VARCHAR, fields MAP(VARCHAR, VARCHAR), was MAP(VARCHAR, VARCHAR), rules VARCHAR[]);
    CREATE TEMP TABLE sift_decided ("__part" INTEGER, "__row" BIGINT, id BIGINT, signature VARCHAR, kind VARCHAR, fields MAP(VARCHAR, VARCHAR), rules VARCHAR[], misfit VARCHAR);
    CREATE TEMP TABLE sift_out ("__part" INTEGER, "__row" BIGINT);
    CREATE TEMP TABLE sift_fixed AS SELECT * FROM sift_made LIMIT 0;`)
  if (file === null) return { waived: new Set(), areAboutRecords: false }
  await duck.run(
    `INSERT INTO sift_decisions SELECT * FROM read_json([${quoteLiteral(globLiteral(file))}], format = 'newline_delimited',
      columns = {id: 'BIGINT', record: 'VARCHAR', signature: 'VARCHAR', kind: 'VARCHAR', fields: 'MAP(VARCHAR, VARCHAR)', was: 'MAP(VARCHAR, VARCHAR)', rules: 'VARCHAR[]'})`,
  )
  const rows = await duck.rows(`SELECT signature FROM sift_decisions WHERE kind = 'accept' AND signature IS NOT NULL`)
  const [own] = await duck.rows('SELECT count(record)::INTEGER AS n FROM sift_decisions')
  return { waived: new Set(rows.map((row) => String(row['signature']))), areAboutRecords: Number(own?.['n']) > 0 }
}

/**
 * Which decision holds for each case: that about the record before one about all of its kind, and none where the row has other values than
 * when it was made. Then which rows go and which take their place. Gives whether the rows are others than before.
 */
export async function applyDecisions(sift: Sift): Promise<boolean> {
  const { duck, signal } = sift
  const before = await changes(duck)
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE sift_decided AS
      WITH own AS (
        SELECT c."__part", c."__row", d.* EXCLUDE (record, was) FROM sift_cases AS c JOIN sift_decisions AS d ON d.record = c.record_id
        WHERE len(list_filter(map_keys(d.was), lambda k: json_extract_string(c.raw, '$."' || k || '"') IS DISTINCT FROM d.was[k])) = 0),
      shared AS (
        SELECT c."__part", c."__row", d.* EXCLUDE (record, was) FROM sift_cases AS c JOIN sift_decisions AS d ON d.kind = 'ignore' AND list_contains(c.signatures, d.signature)
        ANTI JOIN own AS o ON o."__part" = c."__part" AND o."__row" = c."__row"
        QUALIFY row_number() OVER (PARTITION BY c."__part", c."__row" ORDER BY d.id) = 1)
      SELECT *, ${misfit(sift)} AS misfit FROM (FROM own UNION ALL FROM shared)`,
    signal,
  )
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE sift_out AS
      SELECT ${PLACE} FROM sift_decided JOIN sift_cases USING (${PLACE}) WHERE is_row AND (kind = 'ignore' OR ${PUTS_VALUES});
     DELETE FROM sift_fixed;
     INSERT INTO sift_fixed BY NAME ${fixedRows(sift)};
     INSERT INTO sift_fixed BY NAME ${readRecords(sift)}`,
    signal,
  )
  return (await changes(duck)) !== before
}

async function changes(duck: Duck): Promise<number> {
  const [row] = await duck.rows('SELECT ((SELECT count(*) FROM sift_out) + (SELECT count(*) FROM sift_fixed))::INTEGER AS n')
  return Number(row?.['n'])
}

/** A correction, or an acceptance of a row as it was corrected. */
const PUTS_VALUES = `(cardinality(fields) > 0 AND misfit IS NULL)`

/** Rows with the corrected values in them. */
function fixedRows({ columns }: Sift): string {
  const values = columns.map(({ name, type }) => {
    const ref = quoteIdentifier(name)
    return `CASE WHEN list_contains(map_keys(d.fields), ${quoteLiteral(name)}) THEN ${valueOf(`d.fields[${quoteLiteral(name)}]`, type)} ELSE r.${ref} END AS ${ref}`
  })
  return `SELECT r.* REPLACE (${values.join(', ')}) FROM sift_rows AS r JOIN sift_decided AS d USING (${PLACE}) WHERE ${PUTS_VALUES}`
}

/** Rows made of records that could not be read: what the correction does not give is null. */
function readRecords({ columns, source }: Sift): string {
  const values = columns.map(({ name, type }) => `${valueOf(`d.fields[${quoteLiteral(name)}]`, type)} AS ${quoteIdentifier(name)}`)
  const from = source.layout === 'plain' ? [] : ['c.file AS _file', 'c.record AS _record']
  return `SELECT ${[PLACE, ...values, ...from].join(', ')} FROM sift_cases AS c JOIN sift_decided AS d USING (${PLACE}) WHERE NOT c.is_row AND ${PUTS_VALUES}`
}

/** As the text of a source becomes a value: exactly, 12.7 is no whole number. */
function valueOf(text: string, type: string): string {
  return type === 'VARCHAR' ? text : exactCast(type).value(text)
}

/** Why a correction cannot be put in: the first value that is none of its column's type, or a column that is not there. */
function misfit({ columns }: Sift): string {
  const known = `[${columns.map(({ name }) => quoteLiteral(name)).join(', ')}]`
  const unfit = columns
    .filter(({ type }) => type !== 'VARCHAR')
    .map(({ name, type }) => {
      const value = `fields[${quoteLiteral(name)}]`
      return `WHEN ${value} IS NOT NULL AND NOT ${exactCast(type).fits(value, valueOf(value, type))} THEN 'the correction "' || ${value} || '" of ' || ${quoteLiteral(name)} || ' is no ' || ${quoteLiteral(type)}`
    })
  const unknown = `list_filter(map_keys(fields), lambda k: NOT list_contains(${known}, k))`
  return `CASE WHEN len(${unknown}) > 0 THEN 'the correction names ' || ${unknown}[1] || ', which is no column' ${unfit.join(' ')} END`
}

import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import type { Duck } from '../../query/duckdb.ts'
import { PLACE, type Sift } from './sift-tables.ts'

/** Reads what was decided about the dataset. Gives the rules that nobody is to be held to. */
export async function readDecisions(duck: Duck, file: string | null): Promise<ReadonlySet<string>> {
  await duck.run(`
    CREATE TEMP TABLE sift_decisions (id BIGINT, record VARCHAR, signature VARCHAR, kind VARCHAR, fields MAP(VARCHAR, VARCHAR), was MAP(VARCHAR, VARCHAR), rules VARCHAR[]);
    CREATE TEMP TABLE sift_decided ("__part" INTEGER, "__row" BIGINT, id BIGINT, kind VARCHAR, fields MAP(VARCHAR, VARCHAR), rules VARCHAR[], misfit VARCHAR);
    CREATE TEMP TABLE sift_out ("__part" INTEGER, "__row" BIGINT);
    CREATE TEMP TABLE sift_fixed AS SELECT * FROM sift_made LIMIT 0;`)
  if (file === null) return new Set()
  await duck.run(
    `INSERT INTO sift_decisions SELECT * FROM read_json([${quoteLiteral(globLiteral(file))}], format = 'newline_delimited',
      columns = {id: 'BIGINT', record: 'VARCHAR', signature: 'VARCHAR', kind: 'VARCHAR', fields: 'MAP(VARCHAR, VARCHAR)', was: 'MAP(VARCHAR, VARCHAR)', rules: 'VARCHAR[]'})`,
  )
  const rows = await duck.rows(`SELECT signature FROM sift_decisions WHERE kind = 'accept' AND signature IS NOT NULL`)
  return new Set(rows.map((row) => String(row['signature'])))
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
        SELECT c."__part", c."__row", d.* EXCLUDE (record, signature, was) FROM sift_cases AS c JOIN sift_decisions AS d ON d.record = c.record_id
        WHERE len(list_filter(map_keys(d.was), lambda k: json_extract_string(c.raw, '$."' || k || '"') IS DISTINCT FROM d.was[k])) = 0),
      shared AS (
        SELECT c."__part", c."__row", d.* EXCLUDE (record, signature, was) FROM sift_cases AS c JOIN sift_decisions AS d ON d.kind = 'ignore' AND list_contains(c.signatures, d.signature)
        ANTI JOIN own AS o ON o."__part" = c."__part" AND o."__row" = c."__row"
        QUALIFY row_number() OVER (PARTITION BY c."__part", c."__row" ORDER BY d.id) = 1)
      SELECT *, CASE WHEN kind = 'correct' THEN ${misfit(sift)} END AS misfit FROM (FROM own UNION ALL FROM shared)`,
    signal,
  )
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE sift_out AS
      SELECT ${PLACE} FROM sift_decided JOIN sift_cases USING (${PLACE}) WHERE is_row AND (kind = 'ignore' OR (kind = 'correct' AND misfit IS NULL));
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

/** Rows with the corrected values in them. */
function fixedRows({ columns }: Sift): string {
  const values = columns.map(({ name, type }) => {
    const ref = quoteIdentifier(name)
    return `CASE WHEN list_contains(map_keys(d.fields), ${quoteLiteral(name)}) THEN TRY_CAST(d.fields[${quoteLiteral(name)}] AS ${type}) ELSE r.${ref} END AS ${ref}`
  })
  return `SELECT r.* REPLACE (${values.join(', ')}) FROM sift_rows AS r JOIN sift_decided AS d USING (${PLACE}) WHERE d.kind = 'correct' AND d.misfit IS NULL`
}

/** Rows made of records that could not be read: what the correction does not give is null. */
function readRecords({ columns, source }: Sift): string {
  const values = columns.map(({ name, type }) => `TRY_CAST(d.fields[${quoteLiteral(name)}] AS ${type}) AS ${quoteIdentifier(name)}`)
  const from = source.layout === 'plain' ? [] : ['c.file AS _file', 'c.record AS _record']
  return `SELECT ${[PLACE, ...values, ...from].join(', ')} FROM sift_cases AS c JOIN sift_decided AS d USING (${PLACE}) WHERE NOT c.is_row AND d.kind = 'correct' AND d.misfit IS NULL`
}

/** Why a correction cannot be put in: the first value that is none of its column's type, or a column that is not there. */
function misfit({ columns }: Sift): string {
  const known = `[${columns.map(({ name }) => quoteLiteral(name)).join(', ')}]`
  const unfit = columns
    .filter(({ type }) => type !== 'VARCHAR')
    .map(({ name, type }) => {
      const value = `fields[${quoteLiteral(name)}]`
      return `WHEN ${value} IS NOT NULL AND TRY_CAST(${value} AS ${type}) IS NULL THEN 'the correction "' || ${value} || '" of ' || ${quoteLiteral(name)} || ' is no ' || ${quoteLiteral(type)}`
    })
  const unknown = `list_filter(map_keys(fields), lambda k: NOT list_contains(${known}, k))`
  return `CASE WHEN len(${unknown}) > 0 THEN 'the correction names ' || ${unknown}[1] || ', which is no column' ${unfit.join(' ')} END`
}

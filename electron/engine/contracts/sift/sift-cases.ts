import { datasetId, quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { cellSql } from '../../query/cell-sql.ts'
import { columnOf } from '../../query/column-of.ts'
import { parquetScan } from '../../query/version-relation.ts'
import { hasProvenance, PLACE, type Sift } from './sift-tables.ts'

/** The same cause in a thousand records is one signature: values and numbers become marks. */
const SIGNATURE = `coalesce(column_name || ': ', '') || trim(left(regexp_replace(regexp_replace(split_part(reason, chr(10), 1), '"[^"]*"|''[^'']*''', '"…"', 'g'), '[-+]?\\d[\\d.,]*', '#', 'g'), 200))`

/** Makes the tables, with the records in them that could not be read. */
export async function openCases({ duck, source, input, signal }: Sift): Promise<void> {
  await duck.run(`
    CREATE TEMP TABLE sift_rows AS SELECT * FROM sift_made LIMIT 0;
    CREATE TEMP TABLE sift_cases ("__part" INTEGER, "__row" BIGINT, is_row BOOLEAN, record_id VARCHAR, signatures VARCHAR[], raw VARCHAR, key VARCHAR, rule INTEGER,
      file VARCHAR, record BIGINT, line BIGINT, column_name VARCHAR, reason VARCHAR)`)
  if (source.rejectsPath === null) return
  const part = source.layout === 'per_file' ? `coalesce(list_position([${source.parts.map(({ file }) => quoteLiteral(file ?? '')).join(', ')}]::VARCHAR[], _file) - 1, 0)` : '0'
  await duck.run(
    `INSERT INTO sift_cases
      SELECT ${part}, -1 - place, false, ${recordId(input, `'raw:' || md5(coalesce(raw, ''))`, '_file, _record')}, [${SIGNATURE}], raw, NULL, NULL,
        _file, _record, line, column_name, reason
      FROM (SELECT *, row_number() OVER () AS place FROM ${parquetScan([source.rejectsPath])})`,
    signal,
  )
}

/** Rows among the broken that are no cases yet become some. Gives how many. */
export async function addCases(sift: Sift, relation: 'sift_made' | 'sift_now'): Promise<number> {
  const { duck, input, signal, rules } = sift
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE sift_new AS
      SELECT ${PLACE}, list_sort(list(DISTINCT rule)) AS rules FROM sift_broken ANTI JOIN sift_cases USING (${PLACE}) GROUP BY ${PLACE}`,
    signal,
  )
  const [counted] = await duck.rows('SELECT count(*)::INTEGER AS n FROM sift_new')
  const added = Number(counted?.['n'])
  if (added === 0) return 0
  await duck.run(`INSERT INTO sift_rows BY NAME SELECT t.* FROM ${relation} AS t SEMI JOIN sift_new USING (${PLACE})`, signal)
  const from = hasProvenance(sift) ? { file: '_file::VARCHAR', record: 'TRY_CAST(_record AS BIGINT)' } : { file: 'NULL', record: 'NULL' }
  const { basis, order } = identity(sift)
  const names = `CAST([${rules.map(({ rule }) => quoteLiteral(rule)).join(', ')}] AS VARCHAR[])`
  await duck.run(
    `INSERT INTO sift_cases
      SELECT ${PLACE}, true, ${recordId(input, basis, order)}, list_transform(rules, lambda r: ${names}[r + 1]), raw, key, rules[1], file, record, NULL, NULL, NULL
      FROM (SELECT ${PLACE}, n.rules, ${rowJson(sift)} AS raw, ${keyJson(sift)} AS key, ${from.file} AS file, ${from.record} AS record
        FROM sift_rows AS r JOIN sift_new AS n USING (${PLACE}))`,
    signal,
  )
  return added
}

/**
 * What a record is known by over all runs: a source's by its contents, so that it is found again in the next delivery, a derived row by its
 * key. Records that this does not tell apart are counted.
 */
function identity({ source, input }: Sift): { basis: string; order: string } {
  const order = 'file, record, md5(raw), "__part", "__row"'
  if (source.layout === 'plain' && input.key.length > 0) return { basis: `'key:' || key`, order }
  return { basis: `'row:' || md5(raw)`, order }
}

function recordId({ dataset }: Sift['input'], basis: string, order: string): string {
  return `md5(${quoteLiteral(datasetId(dataset))} || chr(10) || ${basis} || chr(10) || row_number() OVER (PARTITION BY ${basis} ORDER BY ${order}))`
}

/** The row as people and decisions see it: an object of cells. */
function rowJson({ columns }: Sift): string {
  return `json_object(${columns.map((column) => `${quoteLiteral(column.name)}, ${cellSql(column, quoteIdentifier(column.name))}`).join(', ')})::VARCHAR`
}

function keyJson({ input, source }: Sift): string {
  if (input.key.length === 0) return 'NULL'
  const cells = input.key.map((name) => columnOf(source.columns, name)).map((column) => `${quoteLiteral(column.name)}, ${cellSql(column, quoteIdentifier(column.name))}`)
  return `json_object(${cells.join(', ')})::VARCHAR`
}

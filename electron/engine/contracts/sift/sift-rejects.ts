import { rename } from 'node:fs/promises'
import path from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { REJECTS_NAME } from '../../etl/rejects-table.ts'
import { copyParquetOptions } from '../../etl/write-version.ts'
import { textSql } from '../../query/cell-sql.ts'
import { columnOf } from '../../query/column-of.ts'
import type { CheckSpec } from '../../workspace/model.ts'
import { brokenWords } from '../check-message.ts'
import { PLACE, type Sift } from './sift-tables.ts'

/** Fills `sift_rejects` with every record that is not in the version, and why. */
export async function collectRejects(sift: Sift): Promise<void> {
  const { duck, rules, waived, signal } = sift
  const names = listOf(rules.map(({ rule }) => rule))
  await duck.run(
    `CREATE TEMP TABLE sift_final AS
      SELECT ${PLACE}, list_sort(list(rule)) AS rules FROM sift_broken LEFT JOIN (FROM sift_decided WHERE kind = 'accept') AS d USING (${PLACE})
      WHERE (d.id IS NULL OR NOT list_contains(d.rules, ${names}[rule + 1])) AND NOT list_contains(${listOf([...waived])}, ${names}[rule + 1]) GROUP BY ${PLACE};
     INSERT INTO sift_final SELECT ${PLACE}, [rule] FROM sift_cases JOIN sift_decided AS d USING (${PLACE}) ANTI JOIN sift_final USING (${PLACE}) WHERE is_row AND d.misfit IS NOT NULL`,
    signal,
  )
  const why = `SELECT r.*, n.rules, ${caseOf(rules, (rule) => columnSql(rule))} AS why_column, ${caseOf(rules, (rule) => valueSql(sift, rule))} AS why_value,
      ${caseOf(rules, (rule) => reasonSql(sift, rule))} AS why`
  const facts = `c.raw, c.key, c.file, c.record, c.line, d.id AS decision`
  await duck.run(
    `CREATE TEMP TABLE sift_rejects AS
      WITH standing AS (SELECT * FROM sift_fixed UNION ALL BY NAME SELECT * FROM sift_rows ANTI JOIN sift_fixed USING (${PLACE})),
      named AS (SELECT ${PLACE}, rules FROM sift_final UNION ALL SELECT ${PLACE}, [coalesce(list_position(${names}, d.signature) - 1, rule)] FROM sift_cases JOIN sift_decided AS d USING (${PLACE}) WHERE is_row AND kind = 'ignore'),
      explained AS (${why} FROM standing AS r JOIN named AS n USING (${PLACE}))
      SELECT c.record_id, ${names}[e.rules[1] + 1] AS signature, ${facts}, ${names}[e.rules[1] + 1] AS rule, list_transform(e.rules, lambda r: ${names}[r + 1]) AS rules, e.why_column AS column_name, e.why_value AS value,
        coalesce(d.misfit, e.why) AS reason, CASE WHEN d.kind = 'ignore' THEN 'skipped' ELSE 'quarantined' END AS outcome
      FROM explained AS e JOIN sift_cases AS c USING (${PLACE}) LEFT JOIN sift_decided AS d USING (${PLACE})
      UNION ALL
      SELECT c.record_id, c.signatures[1], ${facts}, NULL, []::VARCHAR[], c.column_name, NULL, coalesce(d.misfit, c.reason), CASE WHEN d.kind = 'ignore' THEN 'skipped' ELSE 'quarantined' END
      FROM sift_cases AS c LEFT JOIN sift_decided AS d USING (${PLACE}) ANTI JOIN sift_fixed AS f ON f."__part" = c."__part" AND f."__row" = c."__row" WHERE NOT c.is_row`,
    signal,
  )
}

/** Writes `rejects.parquet`, over that of the connector. Null when everything is in the version. */
export async function writeRejects({ duck, input, signal }: Sift): Promise<string | null> {
  const [counted] = await duck.rows('SELECT count(*)::DOUBLE AS n FROM sift_rejects')
  if (Number(counted?.['n']) === 0) return null
  const target = path.join(input.dir, REJECTS_NAME)
  const files = `list_position([${input.files.map((file) => quoteLiteral(file)).join(', ')}]::VARCHAR[], file)`
  await duck.run(
    `COPY (
      SELECT file AS _file, record AS _record, column_name, line, reason, raw, rule, rules, value, key, record_id, signature, decision, outcome
      FROM sift_rejects ORDER BY ${files}, record, key, record_id
    ) TO ${quoteLiteral(`${target}.new`)} (${copyParquetOptions})`,
    signal,
  )
  await rename(`${target}.new`, target)
  return REJECTS_NAME
}

function listOf(texts: readonly string[]): string {
  return `CAST([${texts.map(quoteLiteral).join(', ')}] AS VARCHAR[])`
}

function caseOf(rules: readonly CheckSpec[], sql: (rule: CheckSpec) => string): string {
  if (rules.length === 0) return 'NULL::VARCHAR'
  // Where no rule has a value, nothing else says that it would be a text.
  return `CAST(CASE n.rules[1] ${rules.map((rule, index) => `WHEN ${index} THEN ${sql(rule)}`).join(' ')} END AS VARCHAR)`
}

function columnSql(rule: CheckSpec): string {
  const name = columnNameOf(rule)
  return name === null ? 'NULL' : quoteLiteral(name)
}

function columnNameOf(rule: CheckSpec): string | null {
  if ('column' in rule) return rule.column
  return rule.kind === 'unique' && rule.columns.length === 1 ? (rule.columns[0] ?? null) : null
}

function valueSql({ source }: Sift, rule: CheckSpec): string {
  const name = columnNameOf(rule)
  if (name === null) return 'NULL'
  const column = columnOf(source.columns, name)
  return textSql(column, `r.${quoteIdentifier(column.name)}`)
}

/** One row's reason in words, with its value. */
function reasonSql(sift: Sift, rule: CheckSpec): string {
  if (rule.kind === 'not_null') return quoteLiteral(`${rule.column} is null`)
  if (rule.kind === 'unique' && rule.columns.length > 1) return quoteLiteral(`${rule.columns.join(' + ')} occurs in more than one row`)
  const name = columnNameOf(rule)
  if (name === null) return quoteLiteral(`breaks "${rule.rule}"`)
  return `${quoteLiteral(`${name} is "`)} || left(${valueSql(sift, rule)}, 200) || ${quoteLiteral(`", ${brokenWords(rule)}`)}`
}

import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import { parquetScan } from '../query/version-relation.ts'
import type { SourceSpec } from '../workspace/model.ts'
import { type FormattedColumn, formattedColumn } from './column-format.ts'
import type { ExtractJob, Extracted } from './connectors/connector.ts'
import { storedType } from './connectors/infer-columns.ts'
import { unreadable } from './source-problem.ts'
import { copyParquetOptions } from './write-version.ts'

/** Declared formats and rules that are the same for every connector: they look at rows when these have been read as text. */
export function needsFinish({ formats, skip }: SourceSpec): boolean {
  return formats !== undefined || skip?.some((rule) => 'where' in rule) === true
}

/** What a connector reads: columns with a format of their own come as text. */
export function beforeFinish(source: SourceSpec): SourceSpec {
  if (source.formats === undefined) return source
  return { ...source, columns: { ...source.columns, ...Object.fromEntries(Object.keys(source.formats).map((name) => [name, 'VARCHAR'])) } }
}

interface Rule {
  name: string
  where: string
}

/**
 * Values of formatted columns become what they mean, or their record goes to quarantine; records that a rule wants are left out and
 * counted. The parts hold `_file` and `_record`.
 * @param declared the source as pipeline.yaml has it
 */
export async function finishRows(job: ExtractJob, declared: SourceSpec, extracted: Extracted): Promise<Extracted> {
  const { parts } = extracted
  const rules = (declared.skip ?? []).flatMap((rule): Rule[] => ('where' in rule ? [rule] : []))
  const names = await columnNames(job, parts)
  const formatted = Object.entries(declared.formats ?? {}).flatMap(([name, format]) => {
    const column = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase())
    return column === undefined ? [] : [formattedColumn(column, storedType(declared.columns[name] ?? 'VARCHAR'), format)]
  })
  for (const rule of rules) await checkRule(job, rule, valued(join(job.outDir, parts[0]?.name ?? ''), formatted))
  for (const [index, { name }] of parts.entries()) {
    job.report(index / parts.length, 'Values and rules')
    await finishPart(job, { path: join(job.outDir, name), formatted, rules, names })
  }
  return extracted
}

async function columnNames({ duck, outDir }: ExtractJob, parts: Extracted['parts']): Promise<string[]> {
  const described = await duck.describe(`SELECT * FROM ${parquetScan(parts.map(({ name }) => join(outDir, name)))}`)
  return described.map(({ name }) => name)
}

const [BAD, RULE] = ['"__strata_bad"', '"__strata_rule"']

/** The rows of a part with their values, and in which formatted column the first is that has none. */
function valued(path: string, formatted: readonly FormattedColumn[]): string {
  if (formatted.length === 0) return `(SELECT *, NULL::INTEGER AS ${BAD} FROM ${parquetScan([path])})`
  const values = formatted.map(({ name, value }, index) => `${value(`CAST(${quoteIdentifier(name)} AS VARCHAR)`)} AS "__strata_v${index}"`)
  const bad = formatted.map(({ name }, index) => `WHEN ${quoteIdentifier(name)} IS NOT NULL AND "__strata_v${index}" IS NULL THEN ${index}`)
  const replaced = formatted.map(({ name, type }, index) => `CAST("__strata_v${index}" AS ${type}) AS ${quoteIdentifier(name)}`)
  return `(SELECT * EXCLUDE (${formatted.map((_, index) => `"__strata_v${index}"`).join(', ')}) REPLACE (${replaced.join(', ')}), CASE ${bad.join(' ')} END AS ${BAD}
    FROM (SELECT *, ${values.join(', ')} FROM ${parquetScan([path])}))`
}

async function checkRule({ duck, source }: ExtractJob, { name, where }: Rule, rows: string): Promise<void> {
  const fault = await ruleFault(duck, where, rows)
  if (fault === null) return
  throw unreadable(`the skip rule "${name}" cannot be used: ${fault}`, { file: source.name, hint: 'Write a condition over the columns of the source, such as status = \'test\'' })
}

async function ruleFault(duck: ExtractJob['duck'], where: string, rows: string): Promise<string | null> {
  try {
    const [parsed] = await duck.rows(`SELECT json_serialize_sql(${quoteLiteral(`SELECT 1 FROM t WHERE (${where}\n)`)})::VARCHAR AS tree`)
    const tree = String(parsed?.['tree'])
    if (/"class":\s*"SUBQUERY"/.test(tree)) return 'it reads other tables'
    if (/"error":\s*true/.test(tree) || (tree.match(/"node":/g) ?? []).length !== 1) return 'it is no condition'
    await duck.describe(`SELECT CAST((${where}\n) AS BOOLEAN) FROM ${rows}`)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

interface Part {
  path: string
  formatted: readonly FormattedColumn[]
  rules: readonly Rule[]
  names: readonly string[]
}

async function finishPart(job: ExtractJob, part: Part): Promise<void> {
  const { duck, signal, skips, files } = job
  const { path, formatted, rules } = part
  const wanted = rules.map(({ where }, index) => `WHEN (${where}\n) THEN ${index}`)
  const rule = rules.length === 0 ? 'NULL::INTEGER' : `CASE WHEN ${BAD} IS NULL THEN CASE ${wanted.join(' ')} END END`
  const rows = `(SELECT *, ${rule} AS ${RULE} FROM ${valued(path, formatted)})`
  const counts = await duck.rows(
    `SELECT _file, ${BAD} IS NOT NULL AS is_bad, ${RULE} AS rule, count(*)::DOUBLE AS n FROM ${rows} WHERE ${BAD} IS NOT NULL OR ${RULE} IS NOT NULL GROUP BY ALL`,
    signal,
  )
  if (counts.some((row) => row['is_bad'] === true)) await rejectBad(job, part)
  const indexes = new Map(files.map(({ name, index }) => [name, index]))
  for (const row of counts) {
    const name = rules[Number(row['rule'])]?.name
    if (row['is_bad'] !== true && name !== undefined) skips.add(indexes.get(String(row['_file'])) ?? 0, name, Number(row['n']))
  }
  if (formatted.length === 0 && counts.length === 0) return
  const done = `${path}.done`
  await duck.run(
    `COPY (SELECT * EXCLUDE (${BAD}, ${RULE}) FROM ${rows} WHERE ${BAD} IS NULL AND ${RULE} IS NULL) TO ${quoteLiteral(done)} (${copyParquetOptions})`,
    signal,
  )
  await rename(done, path)
}

async function rejectBad({ rejects }: ExtractJob, { path, formatted, names }: Part): Promise<void> {
  const data = names.filter((name) => name !== '_file' && name !== '_record')
  const raw = `json_object(${data.map((name) => `${quoteLiteral(name)}, t.${quoteIdentifier(name)}`).join(', ')})::VARCHAR`
  const cases = (of: (column: FormattedColumn) => string): string => `CASE ${BAD} ${formatted.map((column, index) => `WHEN ${index} THEN ${of(column)}`).join(' ')} END`
  const text = cases(({ name }) => `CAST(t.${quoteIdentifier(name)} AS VARCHAR)`)
  const reason = `'the value "' || left(${text}, 100) || '" is not ' || ${cases(({ expected }) => quoteLiteral(expected))}`
  await rejects.insert(
    `SELECT f.file, t._record AS record, ${cases(({ name }) => quoteLiteral(name))} AS column_name, NULL AS line, ${reason} AS reason, ${raw} AS raw
     FROM ${parquetScan([path])} t JOIN (SELECT _file, _record, ${BAD} FROM ${valued(path, formatted)} WHERE ${BAD} IS NOT NULL) b ON b._file = t._file AND b._record = t._record
     JOIN files f ON f.name = t._file`,
  )
}

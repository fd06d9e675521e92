import { z } from 'zod'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { Duck } from '../../query/duckdb.ts'
import { type ClassCount, type ColumnProfile, waysToTry } from './column-guess.ts'
import { CLASS_SQL, VALUE_CLASSES } from './value-classes.ts'
import { valueSql } from './written-columns.ts'

const classRowSchema = z.object({ class: z.enum(VALUE_CLASSES), n: z.coerce.number(), padded: z.coerce.number(), first: z.object({ v: z.string().nullable(), f: z.string(), r: z.coerce.number() }) })
const SAMPLE_ROWS = 200
const SAMPLES = 4
const SAMPLE_CHARS = 120
/** Rows from which a column is only asked whether it is unique when an estimate says it may be. */
const MOST_UNIQUE_COLUMNS = 4

interface Profiling {
  /** A SELECT of the rows, with `_file` and `_record`. */
  relation: string
  columns: readonly Column[]
  /** Names as the file has them, by place. */
  originals: readonly string[]
  rowCount: number
  signal: AbortSignal
  report(share: number): void
}

/** Looks at every value of every column; a column at a time, since the rows lie in columns. */
export async function profileColumns(duck: Duck, profiling: Profiling): Promise<ColumnProfile[]> {
  const { relation, signal, report } = profiling
  const columns = profiling.columns.filter(({ isProvenance }) => !isProvenance)
  const sampleRows = await duck.rows(`SELECT * FROM (${relation}) LIMIT ${SAMPLE_ROWS}`, signal)
  const unique = await uniqueColumns(duck, columns, profiling)
  const profiles: ColumnProfile[] = []
  for (const [index, { name, type }] of columns.entries()) {
    const classes = await classesOf(duck, { name, type }, profiling)
    const original = profiling.originals[index]
    profiles.push({
      name,
      renamedFrom: original === undefined || original === name ? null : original,
      storedType: type,
      classes,
      samples: [...new Set(sampleRows.flatMap((row) => (row[name] === null || row[name] === undefined ? [] : [textOf(row[name])])))].slice(0, SAMPLES),
      nullWords: classes.some((entry) => entry.name === 'null_word') ? await nullWordsOf(duck, name, profiling) : [],
      isUnique: unique.has(name),
      misfits: type === 'VARCHAR' ? await misfitsOf(duck, { name, classes }, profiling) : new Map(),
      shapes: type === 'JSON' ? await shapesOf(duck, name, profiling) : [],
    })
    report((index + 1) / columns.length)
  }
  return profiles
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > SAMPLE_CHARS ? `${text.slice(0, SAMPLE_CHARS - 1)}…` : text
}

/** Only texts are looked at; what has a type already counts as such. */
async function classesOf(duck: Duck, { name, type }: Pick<Column, 'name' | 'type'>, { relation, signal }: Profiling): Promise<ClassCount[]> {
  const value = type === 'VARCHAR' ? quoteIdentifier(name) : `CASE WHEN ${quoteIdentifier(name)} IS NOT NULL THEN 'x' END`
  const rows = await duck.rows(
    `SELECT class, count(*)::VARCHAR AS n, count(*) FILTER (v <> t)::VARCHAR AS padded, arg_min({v: left(v, ${SAMPLE_CHARS}), f: _file, r: _record::VARCHAR}, {f: _file, r: _record}) AS first
     FROM (SELECT v, t, _file, _record, ${CLASS_SQL} AS class FROM (SELECT ${value} AS v, trim(${value}) AS t, _file, _record FROM (${relation}))) GROUP BY class ORDER BY class`,
    signal,
  )
  return rows.map((row) => {
    const { class: name, n, padded, first } = classRowSchema.parse(row)
    return { name, count: n, padded, first: { value: first.v ?? '', file: first.f, record: first.r } }
  })
}

/** How many values each way does not fit, by the very reading that a run would do. */
async function misfitsOf(duck: Duck, { name, classes }: { name: string; classes: readonly ClassCount[] }, { relation, signal }: Profiling): Promise<ColumnProfile['misfits']> {
  const ways = waysToTry(classes)
  if (ways.length === 0) return new Map()
  const counts = ways.map((way, index) => `count(*) FILTER (WHERE (${valueSql('v', way)}) IS NULL)::VARCHAR AS m${index}`)
  const [row] = await duck.rows(
    `SELECT ${counts.join(', ')} FROM (SELECT ${quoteIdentifier(name)} AS v, trim(${quoteIdentifier(name)}) AS t FROM (${relation})) WHERE v IS NOT NULL AND ${CLASS_SQL} <> 'null_word'`,
    signal,
  )
  return new Map(ways.map((way, index) => [way, Number(row?.[`m${index}`] ?? 1)]))
}

const MOST_NULL_WORDS = 10

async function nullWordsOf(duck: Duck, name: string, { relation, signal }: Profiling): Promise<string[]> {
  const rows = await duck.rows(
    `SELECT DISTINCT v FROM (SELECT ${quoteIdentifier(name)} AS v, trim(${quoteIdentifier(name)}) AS t FROM (${relation})) WHERE ${CLASS_SQL} = 'null_word' ORDER BY v LIMIT ${MOST_NULL_WORDS}`,
    signal,
  )
  return rows.map((row) => String(row['v']))
}

async function shapesOf(duck: Duck, name: string, { relation, signal }: Profiling): Promise<ColumnProfile['shapes']> {
  const rows = await duck.rows(
    `SELECT json_type(${quoteIdentifier(name)}) AS shape, count(*)::VARCHAR AS n FROM (${relation}) WHERE ${quoteIdentifier(name)} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1`,
    signal,
  )
  return rows.map((row) => ({ shape: String(row['shape']), count: Number(row['n']) }))
}

/** Estimates are off by some hundredths, so few rows are counted. */
const ABOUT = 0.8
const COUNTED_ROWS = 100_000

async function uniqueColumns(duck: Duck, columns: readonly Column[], { relation, rowCount, signal }: Profiling): Promise<Set<string>> {
  const simple = columns.filter(({ kind }) => kind !== 'nested')
  if (rowCount === 0 || simple.length === 0) return new Set()
  const distinct = (ref: string): string => (rowCount <= COUNTED_ROWS ? `count(DISTINCT ${ref})` : `approx_count_distinct(${ref})`)
  const estimates = simple.map(({ name }, index) => `CASE WHEN count(${quoteIdentifier(name)}) = count(*) THEN ${distinct(quoteIdentifier(name))} ELSE 0 END::VARCHAR AS c${index}`)
  const [row] = await duck.rows(`SELECT ${estimates.join(', ')} FROM (${relation})`, signal)
  const candidates = simple.filter((_, index) => Number(row?.[`c${index}`] ?? 0) >= ABOUT * rowCount).slice(0, MOST_UNIQUE_COLUMNS)
  const unique = new Set<string>()
  if (rowCount <= COUNTED_ROWS) return new Set(simple.filter((_, index) => Number(row?.[`c${index}`]) === rowCount).map(({ name }) => name))
  for (const { name } of candidates) {
    const [counted] = await duck.rows(`SELECT count(DISTINCT ${quoteIdentifier(name)})::VARCHAR AS n FROM (${relation})`, signal)
    if (Number(counted?.['n']) === rowCount) unique.add(name)
  }
  return unique
}

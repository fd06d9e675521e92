import { datasetId, quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { textSql } from '../../query/cell-sql.ts'
import type { Duck } from '../../query/duckdb.ts'
import { versionRelation } from '../../query/version-relation.ts'
import type { ColumnProfile, TableProfile } from '../../workers/suggest.wire.ts'
import type { VersionSource } from '../../workers/wire.ts'

/** With more different values a column is no list of choices. */
const FEW_VALUES = 20
/** Estimates may be a tenth too low; with more different values than this a column is counted. */
const ALIKE_SHARE = 0.85
const SHAPES = 4

interface ProfileInput {
  source: VersionSource
  keys: readonly { source: VersionSource; column: string }[]
}

/** One pass over all columns with estimates, then an exact look at those that look like keys, lists of choices or references. */
export async function profileTable(duck: Duck, { source, keys }: ProfileInput, signal: AbortSignal): Promise<TableProfile> {
  const relation = versionRelation(source)
  const columns = source.columns.filter(({ isProvenance, kind }) => !isProvenance && kind !== 'nested' && kind !== 'binary')
  const look = { duck, relation, signal }
  const { total, rough } = await roughly(look, columns)
  const profiles: ColumnProfile[] = []
  for (const [i, column] of columns.entries()) {
    const found = rough[i]
    if (found !== undefined) profiles.push(await closer(look, column, { ...found, total }))
  }
  return { total, columns: profiles, references: await findReferences(look, columns, keys.filter((key) => datasetId(key.source.dataset) !== datasetId(source.dataset))) }
}

interface Look {
  duck: Duck
  relation: string
  signal: AbortSignal
}

interface Rough {
  nulls: number
  distinct: number
  min: string | null
  max: string | null
}

async function roughly({ duck, relation, signal }: Look, columns: readonly Column[]): Promise<{ total: number; rough: Rough[] }> {
  const parts = columns.flatMap((column, i) => {
    const ref = quoteIdentifier(column.name)
    const end = (name: 'min' | 'max'): string => (column.kind === 'other' ? 'NULL' : `${name}(${ref})::VARCHAR`)
    return [`count(*) - count(${ref}) AS "n${i}"`, `approx_count_distinct(${ref}) AS "d${i}"`, `${end('min')} AS "a${i}"`, `${end('max')} AS "z${i}"`]
  })
  const [row] = await duck.rows(`SELECT ${['count(*) AS total', ...parts].join(', ')} FROM (${relation})`, signal)
  const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
  return {
    total: Number(row?.['total']),
    rough: columns.map((_, i) => ({ nulls: Number(row?.[`n${i}`]), distinct: Number(row?.[`d${i}`]), min: text(row?.[`a${i}`]), max: text(row?.[`z${i}`]) })),
  }
}

async function closer({ duck, relation, signal }: Look, column: Column, { total, ...rough }: Rough & { total: number }): Promise<ColumnProfile> {
  const ref = quoteIdentifier(column.name)
  const present = total - rough.nulls
  const profile: ColumnProfile = { name: column.name, ...rough, isExact: false, values: null, shapes: null }
  if (present === 0) return profile
  if (rough.distinct >= present * ALIKE_SHARE - 2) {
    const [row] = await duck.rows(`SELECT count(DISTINCT ${ref}) AS n FROM (${relation})`, signal)
    Object.assign(profile, { distinct: Number(row?.['n']), isExact: true })
  }
  if (rough.distinct <= FEW_VALUES + 2) profile.values = await valuesOf({ duck, relation, signal }, column)
  else if (column.type === 'VARCHAR') profile.shapes = await shapesOf({ duck, relation, signal }, ref)
  return profile
}

async function valuesOf({ duck, relation, signal }: Look, column: Column): Promise<ColumnProfile['values']> {
  const ref = quoteIdentifier(column.name)
  const rows = await duck.rows(`SELECT ${textSql(column, ref)} AS v, count(*) AS n FROM (${relation}) WHERE ${ref} IS NOT NULL GROUP BY 1 ORDER BY n DESC, v LIMIT ${FEW_VALUES + 1}`, signal)
  return rows.length > FEW_VALUES ? null : rows.map((row) => ({ value: String(row['v']), count: Number(row['n']) }))
}

async function shapesOf({ duck, relation, signal }: Look, ref: string): Promise<ColumnProfile['shapes']> {
  const shape = `regexp_replace(regexp_replace(regexp_replace(${ref}, '[0-9]', '9', 'g'), '[A-Z]', 'A', 'g'), '[a-z]', 'a', 'g')`
  const rows = await duck.rows(`SELECT shape, count(*) AS n FROM (SELECT ${shape} AS shape FROM (${relation}) WHERE ${ref} IS NOT NULL) GROUP BY 1 ORDER BY n DESC, shape LIMIT ${SHAPES + 1}`, signal)
  return rows.length > SHAPES ? null : rows.map((row) => ({ shape: String(row['shape']), count: Number(row['n']) }))
}

/** Columns that are called as a key elsewhere and hold nothing that this key does not. */
async function findReferences({ duck, relation, signal }: Look, columns: readonly Column[], keys: ProfileInput['keys']): Promise<TableProfile['references']> {
  const found: TableProfile['references'] = []
  for (const column of columns) {
    for (const { source, column: toColumn } of keys) {
      const key = source.columns.find(({ name }) => name === toColumn)
      if (key === undefined || column.name.toLowerCase() !== toColumn.toLowerCase() || key.type !== column.type) continue
      const ref = quoteIdentifier(column.name)
      const [row] = await duck.rows(
        `SELECT count(*) AS n, count(*) FILTER (k IS NULL) AS lost FROM (SELECT DISTINCT ${ref} AS v FROM (${relation}) WHERE ${ref} IS NOT NULL) LEFT JOIN (SELECT DISTINCT ${quoteIdentifier(toColumn)} AS k FROM (${versionRelation(source)})) ON v = k`,
        signal,
      )
      if (Number(row?.['n']) > 0 && Number(row?.['lost']) === 0) found.push({ column: column.name, to: datasetId(source.dataset), toColumn, values: Number(row?.['n']) })
    }
  }
  return found
}

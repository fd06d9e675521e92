import { datasetId, quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { Duck } from '../../query/duckdb.ts'
import { type ColumnFacts, columnFacts } from '../../query/profile/column-facts.ts'
import { topValues } from '../../query/profile/column-spread.ts'
import { openProfileTable, type ProfileTable } from '../../query/profile/profile-table.ts'
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

/** The facts of each column, then an exact look at those that look like keys, lists of choices or references. */
export async function profileTable(duck: Duck, { source, keys }: ProfileInput, signal: AbortSignal): Promise<TableProfile> {
  const columns = source.columns.filter(({ isProvenance, kind }) => !isProvenance && kind !== 'nested' && kind !== 'binary')
  const table = await openProfileTable(duck, source, { columns, signal })
  const profiles: ColumnProfile[] = []
  for (const column of columns) profiles.push(await closer(table, column, await columnFacts(table, column)))
  const look = { duck, relation: versionRelation(source), signal }
  return { total: source.rowCount, columns: profiles, references: await findReferences(look, columns, keys.filter((key) => datasetId(key.source.dataset) !== datasetId(source.dataset))) }
}

interface Look {
  duck: Duck
  relation: string
  signal: AbortSignal
}

async function closer(table: ProfileTable, column: Column, facts: ColumnFacts): Promise<ColumnProfile> {
  const { nulls, min, max, distinct, isExact } = facts
  const present = table.rowCount - nulls
  const profile: ColumnProfile = { name: column.name, nulls, min, max, distinct, isExact, values: null, shapes: null }
  if (present === 0) return profile
  if (!isExact && distinct >= present * ALIKE_SHARE - 2) {
    const [row] = await table.duck.rows(`SELECT count(DISTINCT v) AS n FROM (${table.column(column)})`, table.signal)
    Object.assign(profile, { distinct: Number(row?.['n']), isExact: true })
  }
  if (isExact && distinct <= FEW_VALUES) profile.values = choicesOf(await topValues({ table, column, facts }, FEW_VALUES))
  else if (column.type === 'VARCHAR') profile.shapes = await shapesOf(table, column)
  return profile
}

/** Values that are told only in part are no list to choose from. */
function choicesOf(top: Awaited<ReturnType<typeof topValues>>): ColumnProfile['values'] {
  return top === null || top.some(({ isCut }) => isCut) ? null : top.map(({ value, count }) => ({ value, count }))
}

async function shapesOf({ duck, signal, ...table }: ProfileTable, column: Column): Promise<ColumnProfile['shapes']> {
  const shape = `regexp_replace(regexp_replace(regexp_replace(v, '[0-9]', '9', 'g'), '[A-Z]', 'A', 'g'), '[a-z]', 'a', 'g')`
  const rows = await duck.rows(`SELECT shape, count(*) AS n FROM (SELECT ${shape} AS shape FROM (${table.column(column)}) WHERE v IS NOT NULL) GROUP BY 1 ORDER BY n DESC, shape LIMIT ${SHAPES + 1}`, signal)
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

import { z } from 'zod'
import { closestName } from '../../../../shared/domain/naming.ts'
import { groupingName, type GroupKey, pivotGroupSchema, type PivotGroup, type PivotPage, type PivotSpec } from '../../../../shared/domain/pivot.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { type Sort, toColumn } from '../../../../shared/domain/table-query.ts'
import { cellSql } from '../cell-sql.ts'
import type { Duck } from '../duckdb.ts'
import { readJson } from '../read-json.ts'
import { cellExpression, type Level } from './pivot-level.ts'
import { keySql } from './pivot-sql.ts'

interface PageRequest {
  level: Level
  spec: PivotSpec
  sort: readonly Sort[]
  offset: number
  limit: number
  signal: AbortSignal
}

/** A page of a level that is computed, in any order of its columns. */
export async function readLevel(duck: Duck, { level, spec, sort, offset, limit, signal }: PageRequest): Promise<PivotPage> {
  const { table, groupings, columns, heads, groupCount } = level
  const [total] = (await readJson(duck, groupsJson(level, `SELECT ${cellsOf(level)} FROM ${table} WHERE is_total`, 'json_array()'), signal)).map(readGroup)
  const groups = groupCount === 0 ? [] : (await readJson(duck, pageSql(level, spec, { sort, offset, limit }), signal)).map(readGroup)
  return { heads: [...heads], columns, groupings: groupings.map(groupingName), groups, groupCount, total: { rowCount: total?.rowCount ?? 0, cells: total?.cells ?? [] } }
}

const wireSchema = z.tuple([pivotGroupSchema.shape.key, z.number(), pivotGroupSchema.shape.cells])

function readGroup(json: string): PivotGroup {
  const [key, rowCount, cells]: [GroupKey[], number, PivotGroup['cells']] = wireSchema.parse(JSON.parse(json))
  return { key, rowCount, cells }
}

/** The places of a page are found by what decides the order; only its groups get all their columns. */
function pageSql(level: Level, spec: PivotSpec, { sort, offset, limit }: Pick<PageRequest, 'sort' | 'offset' | 'limit'>): string {
  const { table, groupings } = level
  const keys = groupings.map((_, i) => `k${i}`)
  const order = levelOrder(level, spec, sort)
  const same = keys.map((key) => `p.${key} IS NOT DISTINCT FROM t.${key}`).join(' AND ')
  const own = keys.map((key) => `t.${key} AS ${key}`)
  const found = `WITH p AS MATERIALIZED (SELECT ${keys.join(', ')}, row_number() OVER (ORDER BY ${order}) AS place FROM ${table} WHERE NOT is_total GROUP BY ${keys.join(', ')} ORDER BY place LIMIT ${limit} OFFSET ${offset})
    SELECT place, ${own.join(', ')}, ${cellsOf(level)} FROM p JOIN ${table} AS t ON ${same} WHERE NOT is_total GROUP BY place, ${keys.map((key) => `t.${key}`).join(', ')}`
  return `${groupsJson(level, found, `json_array(${keys.map(keySql).join(', ')})`)} ORDER BY place`
}

/** Each column of the level, as `x0`…, and the number of rows as `n`. */
function cellsOf(level: Level): string {
  return ['any_value(n) FILTER (is_all)::DOUBLE AS n', ...level.columns.map((column, i) => `${cellExpression(column, level)} AS x${i}`)].join(', ')
}

function groupsJson({ columns }: Level, found: string, key: string): string {
  const cells = columns.map(({ name, type }, i) => cellSql(toColumn(name, type), `x${i}`))
  return `SELECT json_array(${key}, n, json_array(${cells.join(', ')}))::VARCHAR AS r FROM (${found})`
}

/** Rows without a value come last, as in every table; what is equal comes in the order of the groups. */
export function levelOrder(level: Level, { rows }: Pick<PivotSpec, 'rows'>, sort: readonly Sort[]): string {
  const { groupings, columns } = level
  const names = groupings.map(groupingName)
  const terms = sort.flatMap(({ column: name, direction }) => {
    const place = names.indexOf(name)
    const column = columns.find((candidate) => candidate.name === name)
    const expression = place >= 0 ? `k${place}` : column === undefined ? null : cellExpression(column, level)
    if (expression === null && !rows.some((grouping) => groupingName(grouping) === name)) throw unknownColumn(name, [...rows.map(groupingName), ...columns.map((one) => one.name)])
    return expression === null ? [] : [`${expression} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`]
  })
  return [...terms, ...groupings.map((_, i) => `k${i} NULLS LAST`)].join(', ')
}

function unknownColumn(name: string, names: readonly string[]): ProblemError {
  const nearest = closestName(name, names)
  return new ProblemError('BAD_INPUT', `The groups have no column "${name}" to sort by`, { hint: nearest === null ? `Columns: ${names.slice(0, 20).join(', ')}` : `Did you mean "${nearest}"?`, details: { column: name } })
}

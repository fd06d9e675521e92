import { closestName } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'

/** The column called `name`, as written or else in any case; BAD_INPUT with the nearest name when there is none. */
export function columnOf(columns: readonly Column[], name: string): Column {
  const found = columns.find((column) => column.name === name) ?? columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const nearest = closestName(name, columns.map((column) => column.name))
  const hint = nearest === null ? `Columns: ${columns.map((column) => column.name).slice(0, 20).join(', ')}` : `Did you mean "${nearest}"?`
  throw new ProblemError('BAD_INPUT', `There is no column "${name}"`, { hint, details: { column: name, suggestion: nearest } })
}

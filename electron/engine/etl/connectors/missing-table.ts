import { closestName } from '../../../../shared/domain/naming.ts'
import type { ProblemError } from '../../../../shared/domain/problem.ts'
import { unreadable } from '../source-problem.ts'

/** A database has not the table that a source means, or the source does not say which of several. */
export function missingTable({ wanted, names, file }: { wanted: string | null; names: readonly string[]; file: string }): ProblemError {
  const hint = names.length === 0 ? 'Check the file' : `Set the source's table to one of ${names.join(', ')}`
  if (wanted === null) return unreadable(names.length === 0 ? 'the database has no tables' : `the database has ${names.length} tables, and the source names none`, { file, hint })
  const closest = closestName(wanted, names)
  return unreadable(`there is no table "${wanted}"`, { file, hint: closest === null ? hint : `Did you mean ${closest}? ${hint}` })
}

import type { ColumnOrigin, DatasetColumns } from '../../../shared/contract/column-lineage.contract.ts'
import type { Paint } from './paint.ts'
import { plainText } from './plain-text.ts'

interface Start {
  dataset: string
  column: string
  /** Also follow what decides which rows there are, or how they are put together; else it is named for the column itself. */
  indirect: boolean
}

/** What a column comes from, down to the delivered files, as an indented tree: values first, then what decides about rows. */
export function columnTree(datasets: readonly DatasetColumns[], start: Start, paint: Paint): string[] {
  const shown = new Set<string>()
  const lines = [paint(`${start.dataset}.${plainText(start.column)}`, 'bold')]
  const branchesAt = (at: { dataset: string; column: string }, withIndirect: boolean): Branch[] => branchesOf(originIn(datasets, at.dataset, at.column), withIndirect)
  const visit = (at: { dataset: string; column: string }, indent: string): void => {
    const branches = branchesAt(at, start.indirect || indent === ROOT)
    for (const [i, branch] of branches.entries()) {
      const isLast = i === branches.length - 1
      const next = followed(branch, start.indirect)
      const isFollowed = next !== null && branchesAt(next, start.indirect).length > 0
      const isKnown = next !== null && shown.has(`${next.dataset}.${next.column}`)
      if (next !== null) shown.add(`${next.dataset}.${next.column}`)
      lines.push(`${indent}${isLast ? '└ ' : '├ '}${branchText(branch, paint)}${isKnown && isFollowed ? paint(' (see above)', 'dim') : ''}`)
      if (isFollowed && !isKnown) visit(next, `${indent}${isLast ? '  ' : '│ '}`)
    }
  }
  visit(start, ROOT)
  if (lines.length === 1) lines.push(paint('  as it was delivered', 'dim'))
  return lines
}

const ROOT = '  '

/** A source, or why one may be missing. */
type Branch = ColumnOrigin['sources'][number] | string

function followed(branch: Branch, withIndirect: boolean): ColumnOrigin['sources'][number] | null {
  return typeof branch !== 'string' && (withIndirect || branch.ways.includes('value')) ? branch : null
}

function branchText(branch: Branch, paint: Paint): string {
  if (typeof branch === 'string') return paint(`unknown: ${branch}`, 'yellow')
  return `${plainText(`${branch.dataset}.${branch.column}`)} ${paint(branch.ways.join(', '), branch.ways.includes('value') ? 'green' : 'dim')}`
}

function branchesOf({ sources, unknown }: ColumnOrigin, withIndirect: boolean): Branch[] {
  const values = sources.filter(({ ways }) => ways.includes('value'))
  return [...values, ...(withIndirect ? sources.filter((source) => !values.includes(source)) : []), ...unknown]
}

function originIn(datasets: readonly DatasetColumns[], dataset: string, column: string): ColumnOrigin {
  const columns = datasets.find((one) => one.dataset === dataset)?.columns
  return columns?.find((one) => one.column.toLowerCase() === column.toLowerCase()) ?? { column, sources: [], unknown: [] }
}

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
  const visit = (at: { dataset: string; column: string }, indent: string): void => {
    const branches = branchesOf(originIn(datasets, at.dataset, at.column), start.indirect || indent === ROOT)
    for (const [i, branch] of branches.entries()) {
      const isLast = i === branches.length - 1
      const head = `${indent}${isLast ? '└ ' : '├ '}`
      if (typeof branch === 'string') {
        lines.push(`${head}${paint(`unknown: ${branch}`, 'yellow')}`)
        continue
      }
      const isValue = branch.ways.includes('value')
      const isFollowed = (isValue || start.indirect) && branchesOf(originIn(datasets, branch.dataset, branch.column), start.indirect).length > 0
      const key = `${branch.dataset}.${branch.column}`
      const isKnown = shown.has(key)
      shown.add(key)
      lines.push(`${head}${plainText(key)} ${paint(branch.ways.join(', '), isValue ? 'green' : 'dim')}${isKnown && isFollowed ? paint(' (see above)', 'dim') : ''}`)
      if (isFollowed && !isKnown) visit(branch, `${indent}${isLast ? '  ' : '│ '}`)
    }
  }
  visit(start, ROOT)
  if (lines.length === 1) lines.push(paint('  as it was delivered', 'dim'))
  return lines
}

const ROOT = '  '

function branchesOf({ sources, unknown }: ColumnOrigin, withIndirect: boolean): (ColumnOrigin['sources'][number] | string)[] {
  const values = sources.filter(({ ways }) => ways.includes('value'))
  return [...values, ...(withIndirect ? sources.filter((source) => !values.includes(source)) : []), ...unknown]
}

function originIn(datasets: readonly DatasetColumns[], dataset: string, column: string): ColumnOrigin {
  const columns = datasets.find((one) => one.dataset === dataset)?.columns
  return columns?.find((one) => one.column.toLowerCase() === column.toLowerCase()) ?? { column, sources: [], unknown: [] }
}

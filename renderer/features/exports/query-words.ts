import type { ExportAgainst } from '../../../shared/contract/exports.contract.ts'
import type { ColumnFilter, Filter, TableQuery } from '../../../shared/domain/table-query.ts'

const OPS: Readonly<Record<ColumnFilter['op'], string>> = {
  eq: 'is', ne: 'is not', lt: '<', le: '≤', gt: '>', ge: '≥', between: 'between', in: 'is one of', not_in: 'is none of', contains: 'contains', not_contains: 'does not contain',
  starts_with: 'starts with', ends_with: 'ends with', matches: 'matches', not_matches: 'does not match', is_null: 'is null', not_null: 'is not null',
}

/** Filters and order of an export, a line each. */
export function queryWords({ filter, sort }: TableQuery): string[] {
  const filters = filter.map(filterLine)
  const order = sort.map((item) => `${item.column}${item.direction === 'desc' ? ' descending' : ''}`)
  return [...(filters.length === 0 ? ['All rows of the version'] : filters), ...(order.length === 0 ? [] : [`Sorted by ${order.join(', then ')}`])]
}

function filterLine(filter: Filter): string {
  return filter.op === 'expression' ? `Where ${filter.sql}` : [filter.column, OPS[filter.op], valueWords(filter)].filter((part) => part !== '').join(' ')
}

function valueWords(filter: ColumnFilter): string {
  switch (filter.op) {
    case 'between':
      return `${filter.from} and ${filter.to}`
    case 'in':
    case 'not_in':
      return filter.values.join(', ')
    case 'is_null':
    case 'not_null':
      return ''
    default:
      return filter.value === '' ? '""' : String(filter.value)
  }
}

/** What an export of differences holds, a line each. */
export function againstWords({ version, key, kinds }: ExportAgainst): string[] {
  const rows = kinds.length === 3 ? 'All rows that differ' : `${kinds.map((kind, index) => (index === 0 ? kind.slice(0, 1).toUpperCase() + kind.slice(1) : kind)).join(' and ')} rows`
  return [`${rows} from v${version}`, key.length === 0 ? 'Compared as whole rows' : `Matched by ${key.join(', ')}`]
}

import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { columnKind } from '../../../shared/domain/table-query.ts'

/** Cells of a step's test: text that the type of their column reads, of nested types JSON. The two are each other's inverse. */

export function testCellSql(type: string, ref: string): string {
  return isNested(type) ? `to_json(${ref})::VARCHAR` : `${ref}::VARCHAR`
}

export function testValueSql(type: string, cell: string | null, cast: 'CAST' | 'TRY_CAST'): string {
  if (cell === null) return `CAST(NULL AS ${type})`
  const literal = quoteLiteral(cell)
  return isNested(type) ? `${cast}(${cast}(${literal} AS JSON) AS ${type})` : `${cast}(${literal} AS ${type})`
}

function isNested(type: string): boolean {
  return columnKind(type) === 'nested' && type !== 'JSON'
}

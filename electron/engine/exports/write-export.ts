import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { textSql } from '../query/cell-sql.ts'
import { orderSql } from '../query/filter-sql.ts'
import { filterWhere } from '../query/filter-where.ts'
import { chosenColumns } from '../query/read-page.ts'
import { numberedRelation, versionRelation } from '../query/version-relation.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { copyToFile } from './copy-to-file.ts'

type ExportInput = OpInput<'export', 'write'>

/** Writes what a table shows into a file, in the order it shows; a version's own order when unsorted. */
export function writeExport(input: ExportInput, context: OpContext<never>): Promise<OpOutput<'export', 'write'>> {
  return copyToFile(input, context, async (duck) => {
    const where = await filterWhere(duck, input.filter, { columns: input.source.columns, signal: context.signal })
    return selectSql(input, where)
  })
}

function selectSql({ source, columns, sort, format }: ExportInput, where: string): string {
  const chosen = chosenColumns(source, columns).map((column) => (format === 'csv' ? csvColumn(column) : quoteIdentifier(column.name)))
  const [relation, order] = sort.length === 0 ? [versionRelation(source), ''] : [numberedRelation(source), ` ORDER BY ${orderSql(sort, source.columns)}`]
  return `SELECT ${chosen.join(', ')} FROM (${relation}) WHERE ${where}${order}`
}

/** Nested and binary values as the window shows them, JSON and hexadecimal, which other tools read too. */
function csvColumn(column: Column): string {
  const ref = quoteIdentifier(column.name)
  return column.kind === 'nested' || column.type === 'BLOB' ? `${textSql(column, ref)} AS ${ref}` : ref
}

import type { OpInput, OpOutput, WorkerInit } from '../../workers/wire.ts'
import { rowJsonSql } from '../cell-sql.ts'
import { readJson } from '../read-json.ts'
import { describeResult, inSandbox } from './sandbox.ts'

/** The first rows of a statement as JSON text, and whether there are more. */
export function queryRows(query: OpInput<'sandbox', 'query'>, init: WorkerInit, signal: AbortSignal): Promise<OpOutput<'sandbox', 'query'>> {
  const { limit } = query
  return inSandbox(query, { init, signal }, async (sandbox, ended) => {
    const columns = await describeResult(sandbox)
    const names = columns.map((_, i) => `c${i}`)
    const cells = rowJsonSql(columns.map((column, i) => ({ ...column, name: `c${i}` })))
    const rows = await sandbox.within(
      { before: `SELECT ${cells} AS r FROM (`, after: `) AS t(${names.join(', ')}) LIMIT ${limit + 1}` },
      (text) => readJson(sandbox.duck, text, ended),
    )
    const shown = rows.slice(0, limit)
    return { columns, rowsJson: `[${shown.join(',')}]`, rowCount: shown.length, truncated: rows.length > limit }
  })
}

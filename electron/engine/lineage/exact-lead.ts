import { readVersions } from '../keep/read-versions.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { versionSource } from '../runs/version-source.ts'
import type { ColumnValue } from '../workers/match-rows.wire.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { VersionSource } from '../workers/wire.ts'
import { MOST_ROWS, type TraceParts } from './trace-parts.ts'
import { type leadByValues, madeRows, namingValues } from './trace-path.ts'

/** Rows of all inputs together over which a statement is run again and again. */
const MOST_REPLAYED = 200_000

interface ToReplay {
  at: VersionRow
  input: VersionRow
  statement: string
  request: Parameters<typeof leadByValues>[0]
  signal: AbortSignal | undefined
}

/** Rows of an input by which the statement makes the rows again, as values; null where that cannot be told, or not soon. */
export async function exactLead(parts: TraceParts, { at, input, statement, request, signal }: ToReplay): Promise<ColumnValue[][] | null> {
  const inputs = parts.versions.inputsOf(at.id).filter(({ dataset }) => dataset !== at.dataset)
  const others = inputs.filter(({ id }) => id !== input.id)
  if (inputs.some(({ removedAt }) => removedAt !== null) || inputs.reduce((sum, { rowCount }) => sum + rowCount, 0) > MOST_REPLAYED) return null
  const sourceOf = (version: VersionRow): VersionSource => versionSource(parts.layout, parts.versions, version)
  const replay = {
    sql: statement, dataType: at.dataset.split('.', 1)[0] ?? '', variables: [], source: sourceOf(input), others: others.map(sourceOf), outputs: at.columns,
    rows: madeRows(request), limit: MOST_ROWS,
  }
  const found = await readVersions(parts, inputs, () => readWithRetry(parts.workers, 'replayRows', { input: replay, signal }))
  if (found === null || found.rowCount > MOST_ROWS) return null
  return (JSON.parse(found.rowsJson) as unknown[][]).map((row) => namingValues(input.columns, row))
}

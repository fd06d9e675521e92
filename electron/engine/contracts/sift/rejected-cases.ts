import { openDuck } from '../../query/duckdb.ts'
import { parquetScan } from '../../query/version-relation.ts'
import type { CaseBatch, RejectedCase } from '../../workers/sift.wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'

const BATCH = 2_000
const EXCERPT = 400

/** Hands over what is not in a version, in the order of its file. Files of earlier programs, which name no records, give none. */
export async function rejectedCases({ path, limit }: { path: string; limit: number }, { init, signal, ask }: OpContext<CaseBatch>): Promise<{ total: number }> {
  using duck = await openDuck(init)
  const relation = parquetScan([path])
  const columns = await duck.describe(`SELECT * FROM ${relation}`)
  if (!columns.some(({ name }) => name === 'record_id')) return { total: 0 }
  const [counted] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${relation}`, signal)
  const total = Number(counted?.['n'])
  for (let at = 0; at < Math.min(total, limit); at += BATCH) {
    const rows = await duck.rows(
      `SELECT record_id, rule, signature, column_name, left(value, ${EXCERPT}) AS value, key, _file, _record::DOUBLE AS record, line::DOUBLE AS line, left(reason, 1000) AS reason,
        left(raw, ${EXCERPT}) AS excerpt, outcome, decision::DOUBLE AS decision
       FROM ${relation} LIMIT ${Math.min(BATCH, limit - at)} OFFSET ${at}`,
      signal,
    )
    await ask({ cases: rows.map(toCase) })
  }
  return { total }
}

function toCase(row: Record<string, unknown>): RejectedCase {
  const text = (name: string): string | null => (row[name] === null || row[name] === undefined ? null : String(row[name]))
  const number = (name: string): number | null => (row[name] === null || row[name] === undefined ? null : Number(row[name]))
  return {
    recordId: text('record_id') ?? '',
    rule: text('rule'),
    signature: text('signature') ?? '',
    column: text('column_name'),
    value: text('value'),
    key: text('key'),
    file: text('_file'),
    record: number('record'),
    line: number('line'),
    reason: text('reason') ?? '',
    excerpt: text('excerpt') ?? '',
    outcome: row['outcome'] === 'skipped' ? 'skipped' : 'quarantined',
    decision: number('decision'),
  }
}

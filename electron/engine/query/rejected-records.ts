import { quoteLiteral } from '../../../shared/domain/naming.ts'
import type { RejectedRecord } from '../workers/sift.wire.ts'
import type { Duck } from './duckdb.ts'
import { parquetScan } from './version-relation.ts'

/** Records of a version's rejects by their ids, whole, with the values of those that are rows. */
export async function readRejectedRecords(duck: Duck, { path, ids }: { path: string; ids: readonly string[] }, signal: AbortSignal): Promise<{ records: RejectedRecord[] }> {
  const isRow = `(rule IS NOT NULL OR (json_valid(raw) AND starts_with(raw, '{')))`
  const rows = await duck.rows(
    `SELECT record_id, raw, CASE WHEN row IS NULL THEN NULL ELSE (SELECT json_group_object(key, row ->> ('$."' || key || '"')) FROM (SELECT unnest(json_keys(row)) AS key)) END::VARCHAR AS fields
     FROM (SELECT *, CASE WHEN ${isRow} THEN raw END AS row FROM ${parquetScan([path])} WHERE record_id IN (${ids.map(quoteLiteral).join(', ')}))`,
    signal,
  )
  return { records: rows.map((row) => ({ id: String(row['record_id']), raw: String(row['raw'] ?? ''), fields: row['fields'] === null ? null : texts(JSON.parse(String(row['fields']))) })) }
}

function texts(values: unknown): Record<string, string | null> {
  if (typeof values !== 'object' || values === null) return {}
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === null ? null : String(value)]))
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openLedger } from '../electron/engine/ledger/ledger.ts'
import { makeWorkspace } from './bench-engine.ts'

/** A workspace whose ledger knows 2,000 published datasets of 15 columns and what each was made from, in 40 data types that read each other. */

export const DATASETS = 2_000
export const COLUMNS = 15
const TYPES = 40
const IN_TYPE = DATASETS / TYPES
const ZONE = `CASE WHEN k < 10 THEN 'raw' WHEN k < 20 THEN 'preprocessed' WHEN k < 30 THEN 'processed' WHEN k < 42 THEN 'curated' ELSE 'results' END`
const NUMBERS = (count: number): string => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`
/** Of the kth dataset of a type, the datasets of the same type that it reads. */
const READS: readonly (readonly [condition: string, source: string])[] = [
  ['k >= 10', 'k - 10'],
  ['k >= 20 AND k < 42', '10 + (k * 3 + t) % 10'],
  ['k >= 30 AND k < 42', '20 + (k * 7) % 10'],
  ['k >= 42', '30 + (k * 5 + t) % 12'],
]

const STATEMENTS = (now: number): readonly string[] => [
  `${NUMBERS(TYPES)} INSERT INTO data_types (id, name, last_run_number) SELECT i, 'type_' || i, 1 FROM n`,
  `${NUMBERS(DATASETS)}, d(i, t, k) AS (SELECT i, 1 + (i - 1) / ${IN_TYPE}, (i - 1) % ${IN_TYPE} FROM n)
   INSERT INTO datasets (id, name, data_type_id, last_version) SELECT i, 'type_' || t || '.' || ${ZONE} || '.table_' || k, t, 1 FROM d`,
  `${NUMBERS(TYPES)} INSERT INTO runs (id, data_type_id, number, state, degraded, "trigger", queued_at, started_at, finished_at, summary)
   SELECT i, i, 1, 'succeeded', 0, 'cli', ${now}, ${now}, ${now}, '${IN_TYPE} datasets' FROM n`,
  `${NUMBERS(DATASETS)} INSERT INTO steps (id, run_id, dataset_id, kind, position, state, attempt, started_at, finished_at, rows_out)
   SELECT i, 1 + (i - 1) / ${IN_TYPE}, i, CASE WHEN (i - 1) % ${IN_TYPE} < 10 THEN 'extract' ELSE 'sql' END, (i - 1) % ${IN_TYPE}, 'succeeded', 1, ${now}, ${now}, 1000 FROM n`,
  `${NUMBERS(DATASETS)} INSERT INTO versions (id, dataset_id, number, run_id, layout, row_count, size_bytes, content_hash, columns, parts, created_at, published_at)
   SELECT i, i, 1, 1 + (i - 1) / ${IN_TYPE}, 'plain', 1000 + i, 65536, 'hash-' || i,
     (WITH RECURSIVE c(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM c WHERE j < ${COLUMNS}) SELECT json_group_array(json_object('name', 'column_' || j, 'type', 'VARCHAR', 'kind', 'text', 'isProvenance', json('false'))) FROM c),
     '[{"name":"part-0.parquet","rowCount":1000,"sizeBytes":65536,"sha256":"0","file":null}]', ${now}, ${now} FROM n`,
  'INSERT INTO current_versions (dataset_id, version_id) SELECT id, id FROM datasets',
  ...READS.map(
    ([condition, source]) => `${NUMBERS(DATASETS)}, d(i, t, k) AS (SELECT i, 1 + (i - 1) / ${IN_TYPE}, (i - 1) % ${IN_TYPE} FROM n)
     INSERT OR IGNORE INTO version_inputs (version_id, input_version_id) SELECT i, (t - 1) * ${IN_TYPE} + ${source} + 1 FROM d WHERE ${condition}`,
  ),
  // A curated table of the neighbouring type.
  `${NUMBERS(DATASETS)}, d(i, t, k) AS (SELECT i, 1 + (i - 1) / ${IN_TYPE}, (i - 1) % ${IN_TYPE} FROM n)
   INSERT OR IGNORE INTO version_inputs (version_id, input_version_id) SELECT i, (t - 2) * ${IN_TYPE} + 30 + k % 12 + 1 FROM d WHERE t > 1 AND k >= 42 AND k % 2 = 0`,
]

export async function generateLineage(): Promise<string> {
  const dir = makeWorkspace({ 'strata.yaml': 'name: bench\nlabel: Bench\n' })
  mkdirSync(join(dir, '.strata'), { recursive: true })
  const ledger = await openLedger(join(dir, '.strata', 'ledger.sqlite'))
  try {
    for (const sql of STATEMENTS(Date.now())) ledger.write(() => ledger.run(sql))
  } finally {
    ledger.close()
  }
  return dir
}

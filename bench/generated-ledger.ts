import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openLedger } from '../electron/engine/ledger/ledger.ts'
import { makeWorkspace } from './bench-engine.ts'

/** A workspace whose ledger holds years of work: runs of ten data types, eight steps each, and fifty entities a run. */

export const DATA_TYPES = 10
const STEPS = 8
const ENTITIES_A_RUN = 50
const ENTITIES_A_TYPE = 5_000
/** Runs with versions: the others reused what was there. */
const VERSIONS_EVERY = 10
const SIX_HOURS = 6 * 3_600_000

const NUMBERS = (count: number): string => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`

const STATEMENTS = (runs: number, now: number): readonly string[] => [
  `${NUMBERS(DATA_TYPES)} INSERT INTO data_types (id, name, last_run_number) SELECT i, 'type_' || i, ${runs / DATA_TYPES} FROM n`,
  `${NUMBERS(DATA_TYPES * STEPS)} INSERT INTO datasets (id, name, data_type_id, last_version)
   SELECT i, 'type_' || (1 + (i - 1) / ${STEPS}) || '.' || CASE (i - 1) % ${STEPS} WHEN 0 THEN 'raw' WHEN 7 THEN 'results' ELSE 'curated' END || '.table_' || ((i - 1) % ${STEPS}),
     1 + (i - 1) / ${STEPS}, ${runs / DATA_TYPES} FROM n`,
  `${NUMBERS(runs)} INSERT INTO runs (id, data_type_id, number, state, degraded, "trigger", queued_at, started_at, finished_at, problem, summary)
   SELECT i, 1 + (i - 1) % ${DATA_TYPES}, 1 + (i - 1) / ${DATA_TYPES},
     CASE WHEN i % 33 = 0 THEN 'failed' WHEN i % 97 = 0 THEN 'cancelled' ELSE 'succeeded' END, i % 20 = 0,
     CASE i % 5 WHEN 0 THEN 'window' WHEN 1 THEN 'cli' ELSE 'http' END,
     ${now} - (${runs} - i) * ${SIX_HOURS} / 20, ${now} - (${runs} - i) * ${SIX_HOURS} / 20 + 100, ${now} - (${runs} - i) * ${SIX_HOURS} / 20 + 40000 + i % 7000,
     CASE WHEN i % 33 = 0 THEN json_object('code', 'SQL_FAILED', 'message', 'Conversion Error: could not convert "' || (i % 40) || '" to INT32', 'details', json_object('dataset', 'type_1.curated.table_2'), 'retryable', json('false'), 'hint', NULL) END,
     CASE WHEN i % 33 = 0 THEN 'Conversion Error' ELSE '61,204 rows in 8 datasets' END FROM n`,
  `${NUMBERS(runs * STEPS)} INSERT INTO steps (id, run_id, dataset_id, kind, position, state, attempt, started_at, finished_at, rows_in, rows_out, size_bytes, entities_total)
   SELECT i, 1 + (i - 1) / ${STEPS}, 1 + ((i - 1) / ${STEPS}) % ${DATA_TYPES} * ${STEPS} + (i - 1) % ${STEPS},
     CASE (i - 1) % ${STEPS} WHEN 0 THEN 'extract' WHEN 3 THEN 'entity' ELSE 'sql' END, (i - 1) % ${STEPS},
     CASE WHEN (1 + (i - 1) / ${STEPS}) % 33 = 0 AND (i - 1) % ${STEPS} = 2 THEN 'failed' ELSE 'succeeded' END, 1,
     ${now} - 40000, ${now} - 36000 + i % 900, 1000 + i % 100, 1000 + i % 90, 65536, CASE WHEN (i - 1) % ${STEPS} = 3 THEN ${ENTITIES_A_RUN} END FROM n`,
  `${NUMBERS(DATA_TYPES * ENTITIES_A_TYPE)} INSERT INTO entity_ids (id, data_type_id, entity) SELECT i, 1 + (i - 1) / ${ENTITIES_A_TYPE}, 'E' || i FROM n`,
  `${NUMBERS(runs)}, e(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM e WHERE k < ${ENTITIES_A_RUN - 1})
   INSERT INTO entity_results (step_id, entity_id, state, attempts, row_count, duration_us, at)
   SELECT (i - 1) * ${STEPS} + 4, (i - 1) % ${DATA_TYPES} * ${ENTITIES_A_TYPE} + 1 + (i * 37 + k) % ${ENTITIES_A_TYPE},
     CASE WHEN k = 7 AND i % 2 = 0 THEN 'failed' ELSE 'succeeded' END, 1, 3, 900 + k, ${now} - (${runs} - i) * ${SIX_HOURS} / 20 FROM n CROSS JOIN e`,
  `${NUMBERS(25)} INSERT INTO errors (id, signature, error_class) SELECT i, 'cause number ' || i || ': the value "…" is no number', 'bad_data' FROM n`,
  `INSERT INTO entity_errors (step_id, entity_id, error_id, message) SELECT step_id, entity_id, 1 + step_id % 25, 'the value "x" is no number' FROM entity_results WHERE state = 'failed'`,
  `${NUMBERS((runs / VERSIONS_EVERY) * STEPS)} INSERT INTO versions (id, dataset_id, number, run_id, layout, row_count, size_bytes, content_hash, columns, parts, created_at, published_at)
   SELECT i, 1 + ((i - 1) / ${STEPS}) % ${DATA_TYPES} * ${STEPS} + (i - 1) % ${STEPS}, 1 + (i - 1) / ${STEPS * DATA_TYPES}, 1 + (i - 1) / ${STEPS} * ${VERSIONS_EVERY} + ((i - 1) / ${STEPS}) % ${DATA_TYPES},
     'plain', 1000 + i % 500, 65536, 'hash-' || i, '[{"name":"id","type":"BIGINT","kind":"number","isProvenance":false}]',
     '[{"name":"part-0.parquet","rowCount":1000,"sizeBytes":65536,"sha256":"0","file":null}]', ${now} - i, ${now} - i FROM n`,
  `INSERT INTO current_versions (dataset_id, version_id) SELECT dataset_id, max(id) FROM versions GROUP BY dataset_id`,
  `INSERT INTO checks (step_id, version_id, rule, severity, passed, failing_rows, message, examples, duration_ms, at)
   SELECT (v.run_id - 1) * ${STEPS} + 1 + (v.id - 1) % ${STEPS}, v.id, 'unique(id)', 'block', 1, 0, 'holds', '[]', 3.2, v.created_at FROM versions v`,
  `${NUMBERS(runs)}, k(k) AS (VALUES ('queued'), ('planning'), ('running'), ('succeeded'))
   INSERT INTO events (at, kind, data_type, run_number, text) SELECT ${now} - (${runs} - i) * ${SIX_HOURS} / 20, 'run', 'type_' || (1 + (i - 1) % ${DATA_TYPES}), 1 + (i - 1) / ${DATA_TYPES}, k.k FROM n CROSS JOIN k`,
]

/** Makes the workspace in a folder of the measurements; about twenty seconds for 100,000 runs. */
export async function generateHistory(runs: number): Promise<string> {
  const files = { 'strata.yaml': 'name: bench\nlabel: Bench\n' }
  for (let type = 1; type <= DATA_TYPES; type += 1) {
    const steps = Array.from({ length: STEPS - 1 }, (_, index) => [`pipelines/type_${type}/curated/table_${index + 1}.sql`, 'SELECT 1 AS id\n'])
    Object.assign(files, Object.fromEntries(steps), { [`pipelines/type_${type}/pipeline.yaml`]: 'label: A type\n' })
  }
  const dir = makeWorkspace(files)
  mkdirSync(join(dir, '.strata'), { recursive: true })
  const ledger = await openLedger(join(dir, '.strata', 'ledger.sqlite'))
  try {
    for (const sql of STATEMENTS(runs, Date.now())) ledger.write(() => ledger.run(sql))
  } finally {
    ledger.close()
  }
  return dir
}

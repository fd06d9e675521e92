/**
 * The quarantine as a queue of work: each record that is not in the last version of its dataset, known by what it holds, with what was decided
 * about it. A list of a dataset is numbered by its generation; records that the newest does not name are in the data no more, or mended.
 */
export const QUARANTINE = `
CREATE TABLE quarantine_lists (
  dataset_id INTEGER PRIMARY KEY REFERENCES datasets(id),
  generation INTEGER NOT NULL,
  version_id INTEGER REFERENCES versions(id),
  run_id INTEGER NOT NULL REFERENCES runs(id),
  total INTEGER NOT NULL,
  listed INTEGER NOT NULL
) STRICT;

CREATE TABLE quarantine_decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  record_id TEXT,
  signature TEXT,
  kind TEXT NOT NULL,
  fields TEXT NOT NULL,
  was TEXT NOT NULL,
  rules TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by TEXT
) STRICT;
CREATE UNIQUE INDEX quarantine_decisions_of_record ON quarantine_decisions (dataset_id, record_id) WHERE ended_at IS NULL AND record_id IS NOT NULL;
CREATE UNIQUE INDEX quarantine_decisions_of_signature ON quarantine_decisions (dataset_id, signature) WHERE ended_at IS NULL AND signature IS NOT NULL;

CREATE TABLE quarantine_records (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  record_id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  seen_as TEXT NOT NULL,
  waits_at INTEGER,
  generation INTEGER NOT NULL,
  rule TEXT,
  signature TEXT NOT NULL,
  column_name TEXT,
  value TEXT,
  key TEXT,
  file TEXT,
  record INTEGER,
  line INTEGER,
  reason TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  decision_id INTEGER REFERENCES quarantine_decisions(id),
  first_run_id INTEGER NOT NULL REFERENCES runs(id),
  first_seen_at INTEGER NOT NULL,
  last_run_id INTEGER NOT NULL REFERENCES runs(id),
  last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_records_by_place ON quarantine_records (dataset_id, state, signature, file, record);
CREATE INDEX quarantine_records_waiting ON quarantine_records (dataset_id) WHERE waits_at IS NOT NULL;
CREATE INDEX quarantine_records_decided ON quarantine_records (decision_id) WHERE decision_id IS NOT NULL;
`

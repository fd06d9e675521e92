/** The first ledger. */
export const BASE = `
CREATE TABLE data_types (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  last_run_number INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  data_type_id INTEGER NOT NULL REFERENCES data_types(id),
  last_version INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  data_type_id INTEGER NOT NULL REFERENCES data_types(id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  degraded INTEGER NOT NULL DEFAULT 0,
  "trigger" TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1,
  entities TEXT,
  queued_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  problem TEXT,
  summary TEXT NOT NULL DEFAULT '',
  UNIQUE (data_type_id, number)
) STRICT;
CREATE INDEX runs_newest ON runs (queued_at DESC);
CREATE INDEX runs_by_state ON runs (state, queued_at DESC);
CREATE INDEX runs_by_type ON runs (data_type_id, queued_at DESC);

CREATE TABLE steps (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs(id),
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  kind TEXT NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  staging TEXT,
  version_number INTEGER,
  journal_bytes INTEGER NOT NULL DEFAULT 0,
  version_id INTEGER REFERENCES versions(id),
  started_at INTEGER,
  finished_at INTEGER,
  rows_in INTEGER,
  rows_out INTEGER,
  quarantined INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER,
  entities_total INTEGER,
  note TEXT,
  problem TEXT,
  UNIQUE (run_id, dataset_id)
) STRICT;
CREATE INDEX steps_with_staging ON steps (staging) WHERE staging IS NOT NULL;
CREATE INDEX steps_by_dataset ON steps (dataset_id, finished_at DESC);

CREATE TABLE step_attempts (
  step_id INTEGER NOT NULL REFERENCES steps(id),
  attempt INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT,
  problem TEXT,
  PRIMARY KEY (step_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  number INTEGER NOT NULL,
  run_id INTEGER NOT NULL REFERENCES runs(id),
  layout TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  columns TEXT NOT NULL,
  parts TEXT NOT NULL,
  rejects_name TEXT,
  quarantined INTEGER NOT NULL DEFAULT 0,
  source_hash TEXT,
  created_at INTEGER NOT NULL,
  published_at INTEGER,
  UNIQUE (dataset_id, number)
) STRICT;
CREATE INDEX versions_by_run ON versions (run_id);

CREATE TABLE version_inputs (
  version_id INTEGER NOT NULL REFERENCES versions(id),
  input_version_id INTEGER NOT NULL REFERENCES versions(id),
  PRIMARY KEY (version_id, input_version_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_inputs_down ON version_inputs (input_version_id);

CREATE TABLE run_pins (
  run_id INTEGER NOT NULL REFERENCES runs(id),
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  version_id INTEGER NOT NULL REFERENCES versions(id),
  PRIMARY KEY (run_id, dataset_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE current_versions (
  dataset_id INTEGER PRIMARY KEY REFERENCES datasets(id),
  version_id INTEGER NOT NULL REFERENCES versions(id)
) STRICT;

CREATE TABLE promotions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs(id),
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  from_version_id INTEGER REFERENCES versions(id),
  to_version_id INTEGER NOT NULL REFERENCES versions(id),
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES versions(id),
  file_name TEXT NOT NULL,
  origin TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_at TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  records INTEGER NOT NULL,
  loaded INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  UNIQUE (version_id, file_name)
) STRICT;
CREATE INDEX deliveries_by_hash ON deliveries (sha256);

CREATE TABLE entity_ids (
  id INTEGER PRIMARY KEY,
  data_type_id INTEGER NOT NULL REFERENCES data_types(id),
  entity TEXT NOT NULL,
  UNIQUE (data_type_id, entity)
) STRICT;
CREATE INDEX entity_ids_by_name ON entity_ids (entity);

CREATE TABLE entity_results (
  step_id INTEGER NOT NULL REFERENCES steps(id),
  entity_id INTEGER NOT NULL REFERENCES entity_ids(id),
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  duration_us INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (step_id, entity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_results_history ON entity_results (entity_id, step_id);
CREATE INDEX entity_results_failed ON entity_results (step_id) WHERE state = 'failed';

CREATE TABLE errors (
  id INTEGER PRIMARY KEY,
  signature TEXT NOT NULL UNIQUE,
  error_class TEXT NOT NULL
) STRICT;

CREATE TABLE entity_errors (
  step_id INTEGER NOT NULL REFERENCES steps(id),
  entity_id INTEGER NOT NULL REFERENCES entity_ids(id),
  error_id INTEGER NOT NULL REFERENCES errors(id),
  message TEXT NOT NULL,
  PRIMARY KEY (step_id, entity_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE checks (
  id INTEGER PRIMARY KEY,
  step_id INTEGER NOT NULL REFERENCES steps(id),
  version_id INTEGER NOT NULL REFERENCES versions(id),
  rule TEXT NOT NULL,
  column_name TEXT,
  severity TEXT NOT NULL,
  passed INTEGER NOT NULL,
  failing_rows INTEGER,
  message TEXT NOT NULL,
  examples TEXT NOT NULL,
  duration_ms REAL NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX checks_by_version ON checks (version_id);
CREATE INDEX checks_by_step ON checks (step_id);

CREATE TABLE exports (
  id TEXT PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES versions(id),
  format TEXT NOT NULL,
  state TEXT NOT NULL,
  path TEXT NOT NULL,
  query TEXT NOT NULL,
  row_count INTEGER,
  size_bytes INTEGER,
  sha256 TEXT,
  problem TEXT,
  started_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX exports_newest ON exports (started_at DESC);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  data_type TEXT,
  run_number INTEGER,
  dataset TEXT,
  text TEXT
) STRICT;

CREATE TABLE commands (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  result TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  details TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE sql_analyses (
  sha256 TEXT PRIMARY KEY,
  result TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

/**
 * What is kept, and for how long: a publication is one change of what is current, with who and why; promotions say what it
 * changed, dataset by dataset. A removed version keeps its row; its files are gone.
 */
export const KEEP = `
CREATE TABLE publications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  data_type_id INTEGER NOT NULL REFERENCES data_types(id),
  run_id INTEGER REFERENCES runs(id),
  actor TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL
) STRICT;
INSERT INTO publications (kind, data_type_id, run_id, actor, at)
  SELECT 'publish', r.data_type_id, r.id, r."trigger", coalesce(r.finished_at, r.queued_at) FROM runs r
  WHERE r.state = 'succeeded' OR r.id IN (SELECT run_id FROM promotions)
  ORDER BY coalesce(r.finished_at, r.queued_at), r.id;

ALTER TABLE promotions RENAME TO promotions_before;
CREATE TABLE promotions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  publication_id INTEGER NOT NULL REFERENCES publications(id),
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  from_version_id INTEGER REFERENCES versions(id),
  to_version_id INTEGER REFERENCES versions(id),
  at INTEGER NOT NULL
) STRICT;
INSERT INTO promotions (seq, publication_id, dataset_id, from_version_id, to_version_id, at)
  SELECT b.seq, p.id, b.dataset_id, b.from_version_id, b.to_version_id, b.at
  FROM promotions_before b JOIN publications p ON p.run_id = b.run_id ORDER BY b.seq;
DROP TABLE promotions_before;
CREATE UNIQUE INDEX promotions_by_dataset ON promotions (dataset_id, publication_id);
CREATE INDEX promotions_by_publication ON promotions (publication_id);
CREATE INDEX promotions_from ON promotions (from_version_id);
CREATE INDEX publications_by_type ON publications (data_type_id, id DESC);
CREATE INDEX publications_by_run ON publications (run_id);

ALTER TABLE versions ADD COLUMN removed_at INTEGER;
ALTER TABLE versions ADD COLUMN files_gone_at INTEGER;

CREATE TABLE version_pins (
  version_id INTEGER PRIMARY KEY REFERENCES versions(id),
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE version_files (
  version_id INTEGER NOT NULL REFERENCES versions(id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_ms REAL NOT NULL,
  PRIMARY KEY (version_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE damages (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  version_id INTEGER REFERENCES versions(id),
  path TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX damages_by_dataset ON damages (dataset_id);
CREATE INDEX damages_by_version ON damages (version_id);

CREATE TABLE upkeep (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  scope TEXT,
  state TEXT NOT NULL,
  actor TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  result TEXT,
  problem TEXT
) STRICT;
CREATE INDEX upkeep_newest ON upkeep (kind, started_at DESC);
`

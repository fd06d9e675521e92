/**
 * Several runs at once: which group a run belongs to and how urgent it is; what schedules and triggers are settled up to, which of
 * them are paused, what came of each, and which delivered files have started a run already.
 */
export const SEVERAL_RUNS = `
CREATE TABLE run_groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  "trigger" TEXT NOT NULL,
  actor TEXT NOT NULL,
  left_out TEXT NOT NULL,
  queued_at INTEGER NOT NULL
) STRICT;
ALTER TABLE runs ADD COLUMN group_id INTEGER REFERENCES run_groups(id);
ALTER TABLE runs ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
CREATE INDEX runs_by_group ON runs (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE schedules (
  data_type TEXT PRIMARY KEY,
  declaration TEXT NOT NULL,
  settled_until INTEGER NOT NULL,
  paused_at INTEGER,
  paused_by TEXT
) STRICT;

CREATE TABLE schedule_starts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  data_type TEXT NOT NULL,
  cause TEXT NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  note TEXT NOT NULL,
  cause_run_id INTEGER REFERENCES runs(id),
  run_id INTEGER REFERENCES runs(id)
) STRICT;
CREATE INDEX schedule_starts_by_type ON schedule_starts (data_type, id DESC);

CREATE TABLE noticed_files (
  data_type TEXT NOT NULL,
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (data_type, path)
) STRICT, WITHOUT ROWID;
`

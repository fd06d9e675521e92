/** What was other when a run began, or went on, than when somebody last saw what it would do. */
export const PLAN_CHANGES = `
CREATE TABLE plan_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs(id),
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  since TEXT NOT NULL,
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX plan_changes_by_run ON plan_changes (run_id);
`

/**
 * What trend and history of checks need: the number each rule measured, where the rows that break it are kept, what was measured of each
 * version for rules about what is usual, and how the columns of a version differ from those of the one before.
 */
export const TRUST = `
ALTER TABLE checks ADD COLUMN measured REAL;
ALTER TABLE checks ADD COLUMN unit TEXT;
ALTER TABLE checks ADD COLUMN kept TEXT;
CREATE INDEX checks_by_rule ON checks (rule, id DESC);

CREATE TABLE version_metrics (
  version_id INTEGER NOT NULL REFERENCES versions(id),
  metric TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (version_id, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE version_drift (
  version_id INTEGER PRIMARY KEY REFERENCES versions(id),
  against_id INTEGER NOT NULL REFERENCES versions(id),
  changes TEXT NOT NULL
) STRICT;
`

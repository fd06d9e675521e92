/**
 * Gates and decisions, exceptions that people made for checks, steps and entities, and an audit trail that says who and by which way,
 * with the values before and after. `form` tells what an entry's hash covers: 1 for entries of the first ledger, 2 with the new columns.
 */
export const GATES_AND_AUDIT = `
ALTER TABLE audit ADD COLUMN form INTEGER NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN via TEXT;
ALTER TABLE audit ADD COLUMN account TEXT;
ALTER TABLE audit ADD COLUMN value_before TEXT;
ALTER TABLE audit ADD COLUMN value_after TEXT;
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE INDEX audit_by_target ON audit (target, seq);

CREATE TABLE gates (
  run_id INTEGER NOT NULL REFERENCES runs(id),
  name TEXT NOT NULL,
  before_what TEXT NOT NULL,
  message TEXT,
  state TEXT NOT NULL,
  shown TEXT NOT NULL,
  reached_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  reason TEXT,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_overrides (
  step_id INTEGER NOT NULL REFERENCES steps(id),
  version_id INTEGER NOT NULL REFERENCES versions(id),
  rule TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (version_id, rule, step_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE step_marks (
  step_id INTEGER PRIMARY KEY REFERENCES steps(id),
  marked_as TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE entity_marks (
  step_id INTEGER NOT NULL REFERENCES steps(id),
  entity_id INTEGER NOT NULL REFERENCES entity_ids(id),
  marked_as TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (step_id, entity_id)
) STRICT, WITHOUT ROWID;
`

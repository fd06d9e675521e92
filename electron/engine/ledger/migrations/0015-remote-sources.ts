/**
 * Sources that are asked over the network: how far each was read, with the version that it follows from, and by what a server recognises
 * an answer that it gave before.
 */
export const REMOTE_SOURCES = `
CREATE TABLE cursors (
  dataset TEXT PRIMARY KEY,
  column_name TEXT NOT NULL,
  value TEXT,
  asked TEXT,
  at INTEGER NOT NULL,
  run_id INTEGER REFERENCES runs(id),
  set_by TEXT,
  reason TEXT
) STRICT, WITHOUT ROWID;
ALTER TABLE versions ADD COLUMN cursor TEXT;
ALTER TABLE deliveries ADD COLUMN etag TEXT;
ALTER TABLE deliveries ADD COLUMN last_modified TEXT;
`

/** Queries that somebody typed, as they ended. A window's history; nothing else depends on it. */
export const QUERIES = `
CREATE TABLE queries (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  sql TEXT NOT NULL,
  as_of TEXT,
  pins TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('succeeded', 'failed', 'cancelled')),
  row_count INTEGER,
  is_cut INTEGER NOT NULL,
  took_ms REAL NOT NULL,
  problem TEXT,
  actor TEXT NOT NULL
) STRICT;
`

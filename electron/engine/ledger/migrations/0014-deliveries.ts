/** Content that was delivered again: within a source's files, where it is counted and not read twice, and to a source that had it. */
export const DELIVERIES = `
ALTER TABLE deliveries ADD COLUMN same_as TEXT;

CREATE TABLE redeliveries (
  id INTEGER PRIMARY KEY,
  dataset TEXT NOT NULL,
  file_name TEXT NOT NULL,
  origin TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  same_as TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX redeliveries_by_dataset ON redeliveries (dataset, received_at DESC);
`

/** Records that a rule of the source left out, and the members of delivered archives as JSON. */
export const ARCHIVES = `
ALTER TABLE deliveries ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN members TEXT NOT NULL DEFAULT '[]';
ALTER TABLE versions ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
`

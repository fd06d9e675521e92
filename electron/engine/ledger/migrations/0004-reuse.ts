/** What versions were made from, so that the same need not be made twice, and what a run was asked for. */
export const REUSE = `
ALTER TABLE runs ADD COLUMN options TEXT NOT NULL DEFAULT '{}';

ALTER TABLE versions ADD COLUMN fingerprint TEXT;
ALTER TABLE versions ADD COLUMN recipe TEXT;
CREATE INDEX versions_by_fingerprint ON versions (dataset_id, fingerprint) WHERE fingerprint IS NOT NULL;

ALTER TABLE steps ADD COLUMN recipe TEXT;
ALTER TABLE steps ADD COLUMN checks_hash TEXT;
ALTER TABLE steps ADD COLUMN later_checks_hash TEXT;
CREATE INDEX steps_by_version ON steps (version_id) WHERE version_id IS NOT NULL;
`

/** What SQL steps know of their entities, what waits to be tried again, and what another version stands in for. */
export const ENTITY_ACCOUNTS = `
ALTER TABLE steps ADD COLUMN grain TEXT NOT NULL DEFAULT 'dataset';
UPDATE steps SET grain = 'entity' WHERE kind = 'entity';
ALTER TABLE steps ADD COLUMN retry TEXT;
ALTER TABLE steps ADD COLUMN degraded INTEGER NOT NULL DEFAULT 0;

ALTER TABLE entity_results ADD COLUMN carried INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entity_results_quarantined ON entity_results (step_id) WHERE state = 'quarantined';
CREATE INDEX entity_errors_by_cause ON entity_errors (error_id, step_id);
`

/**
 * How long a run has waited for people, so that its duration is what it worked for. Runs from before have the waits that their gates
 * remember: the last at each.
 */
export const WAITS = `
ALTER TABLE runs ADD COLUMN waited_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN waiting_since INTEGER;
UPDATE runs SET waited_ms = coalesce((
  SELECT sum(g.decided_at - g.reached_at) FROM gates g
  WHERE g.run_id = runs.id AND g.decided_at IS NOT NULL AND g.reached_at >= runs.started_at AND (runs.finished_at IS NULL OR g.decided_at <= runs.finished_at)), 0)
WHERE id IN (SELECT run_id FROM gates);
UPDATE runs SET waiting_since = (SELECT max(g.reached_at) FROM gates g WHERE g.run_id = runs.id AND g.state = 'waiting') WHERE state = 'waiting';
`

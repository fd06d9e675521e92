/**
 * What comparing and looking back need: the code of each step as it was when its run was planned, each text once; what was unusual
 * about a run when it ended; the orders in which the history is asked for; and every three letters of what finished runs say.
 */
export const HISTORY = `
CREATE TABLE code_texts (
  sha256 TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE step_code (
  step_id INTEGER NOT NULL REFERENCES steps(id),
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES code_texts(sha256),
  PRIMARY KEY (step_id, file)
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
CREATE INDEX runs_by_trigger ON runs ("trigger", queued_at DESC);
CREATE INDEX runs_by_type_state ON runs (data_type_id, state, queued_at DESC);
CREATE INDEX steps_done_by_dataset ON steps (dataset_id, id DESC) WHERE state = 'succeeded';
CREATE INDEX entity_errors_by_error ON entity_errors (error_id, step_id);

CREATE VIRTUAL TABLE run_texts USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');
INSERT INTO run_texts (rowid, text)
  SELECT r.id, t.name || ' #' || r.number || ' ' || r.summary || ' ' || coalesce(json_extract(r.problem, '$.message'), '') FROM runs r JOIN data_types t ON t.id = r.data_type_id;
CREATE TRIGGER runs_begin AFTER INSERT ON runs BEGIN
  INSERT INTO run_texts (rowid, text) VALUES (new.id, (SELECT name FROM data_types WHERE id = new.data_type_id) || ' #' || new.number || ' ' || new.summary);
END;
CREATE TRIGGER runs_end AFTER UPDATE OF summary, problem ON runs WHEN new.finished_at IS NOT NULL BEGIN
  DELETE FROM run_texts WHERE rowid = new.id;
  INSERT INTO run_texts (rowid, text) VALUES (new.id, (SELECT name FROM data_types WHERE id = new.data_type_id) || ' #' || new.number || ' ' || new.summary
    || ' ' || coalesce(json_extract(new.problem, '$.message'), ''));
END;
`

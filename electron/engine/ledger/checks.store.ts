import { type CheckResult, checkResultSchema } from '../../../shared/contract/runs.contract.ts'
import type { CheckCounts } from '../../../shared/domain/check-counts.ts'
import { type EvaluatedCheck, type KeptRows, keptRowsSchema } from '../workers/checks.wire.ts'
import type { Ledger } from './ledger.ts'
import { bool, int, isoTime, json, text } from './rows.ts'

export interface ChecksReader {
  ofRun(runId: number): CheckResult[]
  /** What the last step that looked at a version found: a run that reuses a version judges it again by the rules of its day. */
  ofVersion(versionId: number): CheckResult[]
  /** Results of one rule of a dataset, newest first, of every run that evaluated or kept it. */
  ofRule(dataset: string, rule: string, limit: number): RuleResult[]
  /** Where the rows are kept that break a rule of a version, by the last step that looked at it; null when none are. */
  keptRows(versionId: number, rule: string): KeptRows | null
  /** Names of all files that hold rows of a version which break rules. */
  keptFiles(versionId: number): string[]
  countsOfVersions(versionIds: readonly number[]): Map<number, CheckCounts>
}

/** A rule's result in one run. */
export interface RuleResult extends CheckResult {
  runNumber: number
  dataType: string
  version: number
  at: number
}

export interface ChecksStore extends ChecksReader {
  /** Results of an earlier step's rules, which hold for this step's version as well; beside those of other rules. */
  keep(of: { stepId: number; fromStepId: number; at: number }, rules: readonly string[]): void
  /** Replaces what an earlier attempt of the step found: of all rules when these are its first, else of the same rules. */
  save(of: { stepId: number; versionId: number; at: number; isFirst: boolean }, results: readonly EvaluatedCheck[]): void
}

const INSERT = `
INSERT INTO checks (step_id, version_id, rule, column_name, severity, passed, failing_rows, message, examples, measured, unit, kept, duration_ms, at)
VALUES (:stepId, :versionId, :rule, :column, :severity, :passed, :failingRows, :message, '[]', :measured, :unit, :kept, :durationMs, :at)`

const KEEP = `
INSERT INTO checks (step_id, version_id, rule, column_name, severity, passed, failing_rows, message, examples, measured, unit, kept, duration_ms, at)
SELECT :stepId, version_id, rule, column_name, severity, passed, failing_rows, message, examples, measured, unit, kept, duration_ms, :at
FROM checks WHERE step_id = :fromStepId AND rule IN (SELECT value FROM json_each(:names))`

const SELECT = `
SELECT c.*, d.name AS dataset, o.actor AS override_actor, o.at AS override_at, o.reason AS override_reason
FROM checks c JOIN steps s ON s.id = c.step_id JOIN datasets d ON d.id = s.dataset_id
LEFT JOIN check_overrides o ON o.version_id = c.version_id AND o.rule = c.rule`

const SELECT_RULE = `
SELECT c.*, d.name AS dataset, o.actor AS override_actor, o.at AS override_at, o.reason AS override_reason, r.number AS run_number, t.name AS data_type, v.number AS version_number
FROM checks c JOIN steps s ON s.id = c.step_id JOIN datasets d ON d.id = s.dataset_id JOIN runs r ON r.id = s.run_id JOIN data_types t ON t.id = r.data_type_id JOIN versions v ON v.id = c.version_id
LEFT JOIN check_overrides o ON o.version_id = c.version_id AND o.rule = c.rule
WHERE c.rule = :rule AND d.name = :dataset ORDER BY c.id DESC LIMIT :limit`

const ORDER = `ORDER BY c.passed, s.position, c.id`

const LAST_STEP = '(SELECT max(l.step_id) FROM checks l WHERE l.version_id = c.version_id)'

const COUNTS = `
SELECT c.version_id, sum(passed) AS passed, sum(NOT passed AND (severity = 'warn' OR o.rule IS NOT NULL)) AS warned,
  sum(NOT passed AND severity = 'quarantine' AND o.rule IS NULL) AS quarantined,
  sum(NOT passed AND severity = 'block' AND o.rule IS NULL) AS blocked
FROM checks c LEFT JOIN check_overrides o ON o.version_id = c.version_id AND o.rule = c.rule
WHERE c.version_id IN (SELECT value FROM json_each(:ids)) AND c.step_id = ${LAST_STEP} GROUP BY c.version_id`

export function createChecksStore(ledger: Ledger): ChecksStore {
  return {
    ofRun: (runId) => ledger.all(`${SELECT} WHERE s.run_id = :runId ${ORDER}`, { runId }).map(toCheck),
    ofVersion: (versionId) => ledger.all(`${SELECT} WHERE c.version_id = :versionId AND c.step_id = ${LAST_STEP} ${ORDER}`, { versionId }).map(toCheck),
    ofRule: (dataset, rule, limit) =>
      ledger.all(SELECT_RULE, { dataset, rule, limit }).map((row) => ({
        ...toCheck(row), runNumber: int(row, 'run_number'), dataType: text(row, 'data_type'), version: int(row, 'version_number'), at: int(row, 'at'),
      })),
    keptRows: (versionId, rule) =>
      keptRowsOf(ledger.get('SELECT kept FROM checks WHERE version_id = :versionId AND rule = :rule ORDER BY step_id DESC LIMIT 1', { versionId, rule }) ?? {}),
    keptFiles: (versionId) =>
      ledger.all('SELECT DISTINCT kept FROM checks WHERE version_id = :versionId AND kept IS NOT NULL', { versionId }).flatMap((row) => keptRowsOf(row)?.file ?? []),
    countsOfVersions: (versionIds) =>
      new Map(
        ledger
          .all(COUNTS, { ids: JSON.stringify(versionIds) })
          .map((row) => [int(row, 'version_id'), { passed: int(row, 'passed'), warned: int(row, 'warned'), quarantined: int(row, 'quarantined'), blocked: int(row, 'blocked') }]),
      ),
    keep: (of, rules) => {
      if (of.stepId === of.fromStepId) return
      const names = JSON.stringify(rules)
      ledger.write(() => {
        ledger.run('DELETE FROM checks WHERE step_id = :stepId AND rule IN (SELECT value FROM json_each(:names))', { stepId: of.stepId, names })
        ledger.run(KEEP, { ...of, names })
      })
    },
    save: ({ stepId, versionId, at, isFirst }, results) =>
      ledger.write(() => {
        if (isFirst) ledger.run('DELETE FROM checks WHERE step_id = :stepId', { stepId })
        else ledger.run('DELETE FROM checks WHERE step_id = :stepId AND rule IN (SELECT value FROM json_each(:names))', { stepId, names: JSON.stringify(results.map(({ rule }) => rule)) })
        for (const { rule, column, severity, passed, failingRows, message, measure, kept, durationMs } of results) {
          ledger.run(INSERT, {
            stepId, versionId, rule, column, severity, passed: Number(passed), failingRows, message, durationMs, at,
            measured: measure?.value ?? null, unit: measure?.unit ?? null, kept: kept === null ? null : JSON.stringify(kept),
          })
        }
      }),
  }
}

function keptRowsOf(row: Record<string, unknown>): KeptRows | null {
  return typeof row['kept'] === 'string' ? keptRowsSchema.parse(json(row, 'kept')) : null
}

function toCheck(row: Record<string, unknown>): CheckResult {
  return checkResultSchema.parse({
    dataset: row['dataset'],
    rule: row['rule'],
    column: row['column_name'],
    severity: row['severity'],
    passed: bool(row, 'passed'),
    failingRows: row['failing_rows'],
    message: row['message'],
    keptRows: keptRowsOf(row)?.rowCount ?? 0,
    measure: row['measured'] === null ? null : { value: row['measured'], unit: row['unit'] },
    durationMs: row['duration_ms'],
    override: row['override_at'] === null ? null : { actor: json(row, 'override_actor'), at: isoTime(int(row, 'override_at')), reason: row['override_reason'] },
  })
}

import type { CalendarDay, ErrorGroup, StepTrend, TrendPoint } from '../../../shared/contract/history.contract.ts'
import { classifyProblem, errorClassSchema } from '../../../shared/domain/error-class.ts'
import { errorSignature } from '../../../shared/domain/error-signature.ts'
import { FLAG_WINDOW, median, stepFlags } from '../../../shared/domain/run-flags.ts'
import { offsetSpans } from '../../../shared/domain/zoned-time.ts'
import type { UsualStep } from '../../../shared/domain/step-eta.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, isoTime, problemOrNull, text } from './rows.ts'
import { measuredSteps } from './run-measures.ts'

export interface HistoryReader {
  calendar(of: { dataType?: string | undefined; from: string; to: string; timeZone: string }): CalendarDay[]
  /** Medians over the last executions of each dataset's step. */
  usualSteps(datasets: readonly string[]): Map<string, UsualStep>
  trends(run: { id: number; runNumber: number }, points: number): StepTrend[]
  /** Every cause of failure, last seen first. */
  errors(dataType: string | undefined): ErrorGroup[]
}

const DAY_MS = 86_400_000

/** Days as numbers, cut because a bound number is a REAL to SQLite: writing each run's day as text would cost more than all the rest. */
const SELECT_DAYS = `
SELECT CAST((r.queued_at + :offsetMs) / ${DAY_MS} AS INTEGER) AS day, count(*) AS runs, sum(r.state = 'failed') AS failed,
  sum(r.state = 'succeeded' AND r.degraded) AS degraded, sum(coalesce(r.finished_at - r.started_at - r.waited_ms, 0)) AS ms
FROM runs r WHERE r.queued_at >= :from AND r.queued_at < :to AND (:dataType = '' OR r.data_type_id = (SELECT id FROM data_types WHERE name = :dataType))
GROUP BY day ORDER BY day`

const SELECT_POINTS = `
SELECT r.number, coalesce(s.finished_at, r.queued_at) AS at, s.finished_at - s.started_at AS ms, s.rows_out
FROM steps s JOIN runs r ON r.id = s.run_id
WHERE s.dataset_id = :datasetId AND s.state = 'succeeded' AND s.id <= :stepId ORDER BY s.id DESC LIMIT :limit`

const SELECT_USUAL = `
SELECT finished_at - started_at AS ms, rows_out, size_bytes FROM steps
WHERE dataset_id = (SELECT id FROM datasets WHERE name = :dataset) AND state = 'succeeded' ORDER BY id DESC LIMIT ${FLAG_WINDOW}`

/** By the index alone; a cause that thousands of entities share costs its index entries and one message. */
const ENTITY_CAUSES = `
WITH causes AS (
  SELECT x.error_id, count(*) AS n, min(x.step_id) AS first_step, max(x.step_id) AS last_step FROM entity_errors x
  WHERE (:dataType = '' OR x.step_id IN (SELECT s.id FROM steps s JOIN runs r ON r.id = s.run_id WHERE s.kind <> 'extract' AND r.data_type_id = (SELECT id FROM data_types WHERE name = :dataType)))
  GROUP BY x.error_id)
SELECT g.signature, g.error_class, c.n, d.name AS dataset, ft.name AS first_type, fr.number AS first_number, coalesce(fs.finished_at, fr.queued_at) AS first_at,
  lt.name AS last_type, lr.number AS last_number, coalesce(ls.finished_at, lr.queued_at) AS last_at,
  (SELECT message FROM entity_errors e WHERE e.error_id = c.error_id AND e.step_id = c.last_step LIMIT 1) AS example
FROM causes c JOIN errors g ON g.id = c.error_id
JOIN steps fs ON fs.id = c.first_step JOIN runs fr ON fr.id = fs.run_id JOIN data_types ft ON ft.id = fr.data_type_id
JOIN steps ls ON ls.id = c.last_step JOIN runs lr ON lr.id = ls.run_id JOIN data_types lt ON lt.id = lr.data_type_id JOIN datasets d ON d.id = ls.dataset_id`

/** Equal messages first, so that the signature is taken of each once. */
const RUN_CAUSES = `
SELECT json_extract(r.problem, '$.message') AS example, max(r.problem) AS problem, t.name AS type, count(*) AS n, min(r.number) AS first_number, max(r.number) AS last_number,
  min(coalesce(r.finished_at, r.queued_at)) AS first_at, max(coalesce(r.finished_at, r.queued_at)) AS last_at, json_extract(r.problem, '$.details.dataset') AS dataset
FROM runs r JOIN data_types t ON t.id = r.data_type_id
WHERE r.state = 'failed' AND r.problem IS NOT NULL AND (:dataType = '' OR t.name = :dataType) GROUP BY t.id, example, dataset`

export function createHistoryStore(ledger: Ledger): HistoryReader {
  return {
    calendar({ dataType = '', from, to, timeZone }) {
      const days = new Map<string, CalendarDay>()
      for (const span of offsetSpans(timeZone, Date.parse(from), Date.parse(to)))
        for (const row of ledger.all(SELECT_DAYS, { dataType, ...span })) {
          const day = toDay(row)
          days.set(day.day, sumOf(day, days.get(day.day)))
        }
      return [...days.values()]
    },
    trends(run, points) {
      const flags = new Map(measuredSteps(ledger, run.id).map((step) => [step.dataset, stepFlags(step)]))
      const datasets = ledger.all('SELECT s.id, s.dataset_id, d.name FROM steps s JOIN datasets d ON d.id = s.dataset_id WHERE s.run_id = :runId ORDER BY s.position', { runId: run.id })
      return datasets.map((row) => {
        const dataset = text(row, 'name')
        return { dataset, points: ledger.all(SELECT_POINTS, { datasetId: int(row, 'dataset_id'), stepId: int(row, 'id'), limit: points }).map(toPoint).toReversed(), flags: flags.get(dataset) ?? [] }
      })
    },
    usualSteps: (datasets) =>
      new Map(datasets.map((dataset) => {
        const rows = ledger.all(SELECT_USUAL, { dataset })
        const middle = (name: string): number | null => {
          const values = rows.flatMap((row) => intOrNull(row, name) ?? [])
          return values.length === 0 ? null : Math.round(median(values))
        }
        return [dataset, { durationMs: middle('ms'), rows: middle('rows_out'), sizeBytes: middle('size_bytes') }]
      })),
    errors(dataType = '') {
      const groups = new Map<string, ErrorGroup>()
      for (const group of [...ledger.all(ENTITY_CAUSES, { dataType }).map(entityCause), ...ledger.all(RUN_CAUSES, { dataType }).map(runCause)]) {
        const known = groups.get(group.signature)
        groups.set(group.signature, known === undefined ? group : merged(known, group))
      }
      return [...groups.values()].toSorted((a, b) => b.lastSeen.localeCompare(a.lastSeen))
    },
  }
}

function toDay(row: Record<string, unknown>): CalendarDay {
  return { day: isoTime(int(row, 'day') * DAY_MS).slice(0, 10), runs: int(row, 'runs'), failed: int(row, 'failed'), degraded: int(row, 'degraded'), durationMs: int(row, 'ms') }
}

/** A day in which the clocks were changed comes in two parts. */
function sumOf(day: CalendarDay, rest: CalendarDay | undefined): CalendarDay {
  if (rest === undefined) return day
  return { day: day.day, runs: day.runs + rest.runs, failed: day.failed + rest.failed, degraded: day.degraded + rest.degraded, durationMs: day.durationMs + rest.durationMs }
}

function toPoint(row: Record<string, unknown>): TrendPoint {
  return { runNumber: int(row, 'number'), at: isoTime(int(row, 'at')), durationMs: intOrNull(row, 'ms'), rows: intOrNull(row, 'rows_out') }
}

function entityCause(row: Record<string, unknown>): ErrorGroup {
  return {
    signature: text(row, 'signature'),
    errorClass: errorClassSchema.nullable().catch(null).parse(row['error_class']),
    entities: int(row, 'n'),
    runs: 0,
    datasets: [text(row, 'dataset')],
    firstSeen: isoTime(int(row, 'first_at')),
    lastSeen: isoTime(int(row, 'last_at')),
    firstRun: { dataType: text(row, 'first_type'), runNumber: int(row, 'first_number') },
    lastRun: { dataType: text(row, 'last_type'), runNumber: int(row, 'last_number') },
    example: text(row, 'example'),
  }
}

function runCause(row: Record<string, unknown>): ErrorGroup {
  const problem = problemOrNull(row, 'problem')
  const dataType = text(row, 'type')
  return {
    signature: errorSignature(text(row, 'example')),
    errorClass: problem === null ? null : classifyProblem(problem),
    entities: 0,
    runs: int(row, 'n'),
    datasets: typeof row['dataset'] === 'string' ? [row['dataset']] : [],
    firstSeen: isoTime(int(row, 'first_at')),
    lastSeen: isoTime(int(row, 'last_at')),
    firstRun: { dataType, runNumber: int(row, 'first_number') },
    lastRun: { dataType, runNumber: int(row, 'last_number') },
    example: text(row, 'example'),
  }
}

function merged(a: ErrorGroup, b: ErrorGroup): ErrorGroup {
  const [first, last] = [a.firstSeen <= b.firstSeen ? a : b, a.lastSeen >= b.lastSeen ? a : b]
  return {
    ...last,
    entities: a.entities + b.entities,
    runs: a.runs + b.runs,
    datasets: [...new Set([...a.datasets, ...b.datasets])],
    firstSeen: first.firstSeen,
    firstRun: first.firstRun,
  }
}

import path from 'node:path'
import type { CheckPoint, CheckTrend } from '../../../shared/contract/checks.contract.ts'
import type { DatasetPage, DatasetRef } from '../../../shared/contract/datasets.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { TableQuery } from '../../../shared/domain/table-query.ts'
import type { ChecksReader, RuleResult } from '../ledger/checks.store.ts'
import { isoTime } from '../ledger/rows.ts'
import type { RunsReader } from '../ledger/runs.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import type { Looker, Masks } from '../masks/masks.ts'
import { seenColumns } from '../query/seen-columns.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { KeptRows } from '../workers/checks.wire.ts'
import type { SeenSource } from '../workers/wire.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { StepModel } from '../workspace/model.ts'
import type { Layout } from '../zones/layout.ts'
import type { Api } from './api.ts'
import { mustFindRun } from './find-run.ts'
import { findVersion } from './find-version.ts'

export interface ChecksControllerParts {
  workspace: WorkspaceService
  versions: VersionsReader
  runs: RunsReader
  checks: ChecksReader
  workers: WorkerPool
  layout: Layout
  masks: Masks
}

export function checksController(api: Api, parts: ChecksControllerParts) {
  const { checks, runs, workspace } = parts
  return {
    list: api.checks.list.handler(({ input }) => {
      const steps = workspace.current().dataTypes.flatMap((dataType) => dataType.steps)
      const wanted = steps.filter((step) => (input?.dataset ?? step.dataset) === step.dataset && (input?.dataType ?? step.dataType) === step.dataType)
      return wanted.flatMap((step) => trendsOf(parts, step, input?.points ?? 12)).toSorted((a, b) => rank(a) - rank(b))
    }),
    trend: api.checks.trend.handler(({ input: { dataset, rule, limit } }) => ({ points: checks.ofRule(dataset, rule, limit).map(toPoint) })),
    ofRun: api.checks.ofRun.handler(({ input }) => checks.ofRun(mustFindRun(runs, input.run).id)),
    failing: api.checks.failing.handler(async ({ input: { rule, sort, filter, offset, limit, ...ref }, context: { actor }, signal }) => {
      const startedAt = performance.now()
      const version = lookedAt(parts, ref)
      const found = checks.ofVersion(version.id).find((check) => check.rule === rule)
      if (found === undefined) throw new ProblemError('NOT_FOUND', `${rule} was not evaluated for ${version.dataset} v${version.number}`, { hint: 'strata checks lists the rules and what they found', details: { rule } })
      const page = await failingPage(parts, { version, rule, query: { sort, filter }, offset, limit }, { actor, signal })
      return { ...page, version: version.number, failingRows: found.failingRows ?? 0, tookMs: performance.now() - startedAt, fromCache: false }
    }),
  }
}

/** A version that was named, or the newest that rules were evaluated for: one that is blocked is not current. */
function lookedAt({ versions, checks }: ChecksControllerParts, ref: DatasetRef): VersionRow {
  const latest = ref.version === undefined && ref.asOf === undefined ? versions.latest(ref.dataset) : null
  return latest !== null && latest.removedAt === null && checks.ofVersion(latest.id).length > 0 ? latest : findVersion(versions, ref)
}

interface FailingRows {
  version: VersionRow
  rule: string
  query: TableQuery
  offset: number
  limit: number
}

type Page = Pick<DatasetPage, 'columns' | 'rowsJson' | 'rowCount' | 'totalRows'>

async function failingPage({ checks, layout, workers, masks }: ChecksControllerParts, { version, rule, query, offset, limit }: FailingRows, by: Looker): Promise<Page> {
  const kept = checks.keptRows(version.id, rule)
  if (kept === null) return { columns: [], rowsJson: '[]', rowCount: 0, totalRows: 0 }
  const masked = maskedOfKept(kept, version, await masks.masked(version, by))
  const source = sourceOf(kept, version, { dir: layout.failingDir(version.dataset, version.number), masked })
  const page = await readWithRetry(workers, 'page', { input: { source, columns: null, ...query, offset, limit }, signal: by.signal })
  const columns = kept.columns.map((column) => (masked.includes(column.name) ? { ...column, isSensitive: true, isMasked: true } : column))
  return { ...page, columns, totalRows: kept.rowCount }
}

/** A check in SQL gives columns of its own: what they are made of is not known, so beside a masked column they are masked. */
function maskedOfKept({ columns }: KeptRows, version: VersionRow, masked: readonly string[]): string[] {
  if (masked.length === 0) return []
  const seen = new Set(version.columns.filter(({ name }) => !masked.includes(name)).map(({ name }) => name.toLowerCase()))
  return columns.flatMap(({ name }) => (seen.has(name.toLowerCase()) ? [] : [name]))
}

function sourceOf({ file, rowCount, columns }: KeptRows, version: VersionRow, { dir, masked }: { dir: string; masked: readonly string[] }): SeenSource {
  const dataset = parseDatasetId(version.dataset)
  if (dataset === null) throw new ProblemError('INTERNAL', `The ledger names a dataset "${version.dataset}"`)
  return { dataset, layout: 'plain', columns: seenColumns(columns, masked), rowCount, rejectsPath: null, parts: [{ path: path.join(dir, file), rowCount, file: null }] }
}

function trendsOf({ checks, versions }: ChecksControllerParts, { dataset, dataType, contract }: StepModel, points: number): CheckTrend[] {
  const latest = versions.latest(dataset)
  if (latest === null) return []
  const declared = new Set((contract?.checks ?? []).map(({ rule }) => rule))
  const found = checks.ofVersion(latest.id).map(({ rule }) => rule)
  return [...new Set([...declared, ...found])].flatMap((rule) => {
    const results = checks.ofRule(dataset, rule, points)
    const [newest] = results
    return newest === undefined ? [] : [{ ...toPoint(newest), dataType, isCurrent: declared.has(rule), points: results.map(toPoint).toReversed() }]
  })
}

function toPoint(result: RuleResult): CheckPoint {
  return { ...result, at: isoTime(result.at) }
}

function rank({ passed, severity, override }: CheckPoint): number {
  if (passed) return 2
  return severity === 'block' && override === null ? 0 : 1
}

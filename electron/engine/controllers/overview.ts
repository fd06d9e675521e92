import type { Attention, DatasetCard, Overview } from '../../../shared/contract/workspace.contract.ts'
import { NO_CHECKS } from '../../../shared/domain/check-counts.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { isoTime } from '../ledger/rows.ts'
import type { ChecksReader } from '../ledger/checks.store.ts'
import type { GateRow, GatesReader } from '../ledger/gates.store.ts'
import type { MarksReader } from '../ledger/marks.store.ts'
import type { KeptFilesReader } from '../ledger/kept-files.store.ts'
import type { RunRow, RunsReader } from '../ledger/runs.store.ts'
import type { StepRow, StepsReader } from '../ledger/steps.store.ts'
import type { VersionFacts } from '../ledger/version-links.ts'
import { publishedAt, type VersionsReader } from '../ledger/versions.store.ts'
import type { OpProgress } from '../workers/wire.ts'
import type { WorkspaceModel } from '../workspace/model.ts'

export interface OverviewParts {
  runs: RunsReader
  steps: StepsReader
  versions: VersionsReader
  checks: ChecksReader
  files: KeptFilesReader
  gates: GatesReader
  marks: MarksReader
  progressOf(stepId: number): OpProgress | null
}

const HISTORY_LENGTH = 12

/** The zone map: every dataset that the pipelines declare or the ledger knows as current. */
export function overviewOf(parts: OverviewParts, model: WorkspaceModel): Overview {
  const current = new Map(parts.versions.currentFacts().map((version) => [version.dataset, version]))
  const latest = parts.runs.latestByType()
  const live = liveSteps(parts, latest)
  const checks = parts.checks.countsOfVersions([...current.values()].map((version) => version.id))
  const damaged = parts.files.damagedFiles([...current.values()].map((version) => version.id))
  const declared = model.dataTypes.flatMap((dataType) => dataType.steps.map((step) => step.dataset))
  const names = [...new Set([...declared, ...current.keys()])]
  const histories = parts.versions.rowHistories(HISTORY_LENGTH)
  const cards = names.flatMap((dataset) => card({ dataset, version: current.get(dataset), live: live.get(dataset) ?? null, history: histories.get(dataset) ?? [], checks, damaged }))
  return {
    cards,
    dataTypes: model.dataTypes.map(({ name }) => {
      const run = latest.find((candidate) => candidate.dataType === name)
      return { name, lastRun: run === undefined ? null : { runNumber: run.runNumber, state: run.state, degraded: run.degraded, at: run.finishedAt ?? run.startedAt ?? run.queuedAt } }
    }),
    attention: attentionOf(model, { latest, current, checks, damaged, waiting: parts.gates.waiting(), acceptedOf: (run) => parts.marks.acceptedOfRun(run.id) }),
    totals: {
      datasets: names.length,
      rows: cards.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0),
      sizeBytes: cards.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    },
  }
}

type CheckCountsById = ReturnType<ChecksReader['countsOfVersions']>

interface CardFacts {
  dataset: string
  version: VersionFacts | undefined
  live: DatasetCard['live']
  history: number[]
  checks: CheckCountsById
  damaged: ReadonlyMap<number, number>
}

function card({ dataset, version, live, history, checks, damaged }: CardFacts): DatasetCard[] {
  const name = parseDatasetId(dataset)
  if (name === null) return []
  return [
    {
      dataset,
      ...name,
      ...versionFacts(version),
      checks: checks.get(version?.id ?? 0) ?? NO_CHECKS,
      damagedFiles: damaged.get(version?.id ?? 0) ?? 0,
      history,
      live,
    },
  ]
}

type ShownFacts = Pick<DatasetCard, 'rowCount' | 'sizeBytes' | 'version' | 'runNumber' | 'publishedAt' | 'quarantined'>

function versionFacts(version: VersionFacts | undefined): ShownFacts {
  if (version === undefined) return { rowCount: null, sizeBytes: null, version: null, runNumber: null, publishedAt: null, quarantined: 0 }
  const { rowCount, sizeBytes, number, runNumber, quarantined } = version
  return { rowCount, sizeBytes, version: number, runNumber, publishedAt: publishedAt(version), quarantined }
}

function liveSteps({ steps, progressOf }: OverviewParts, latest: readonly RunRow[]): Map<string, NonNullable<DatasetCard['live']>> {
  const living = latest.filter((run) => !FINISHED_RUN_STATES.has(run.state))
  const entry = (run: RunRow, step: StepRow): [string, NonNullable<DatasetCard['live']>] => [
    step.dataset,
    { runNumber: run.runNumber, state: step.state, share: progressOf(step.id)?.share ?? null },
  ]
  return new Map(living.flatMap((run) => steps.ofRun(run.id).map((step) => entry(run, step))))
}

interface AttentionFacts {
  latest: readonly RunRow[]
  current: ReadonlyMap<string, VersionFacts>
  checks: CheckCountsById
  damaged: ReadonlyMap<number, number>
  waiting: readonly GateRow[]
  /** Failed entities of a run that somebody accepted. */
  acceptedOf(run: RunRow): number
}

/** What needs a person, most urgent first. */
function attentionOf(model: WorkspaceModel, { latest, current, checks, damaged, waiting, acceptedOf }: AttentionFacts): Attention[] {
  const errors = model.findings.filter((finding) => finding.severity === 'error')
  const findings: Attention[] = errors.slice(0, 5).map(({ file, line, message }) => ({
    kind: 'finding', dataType: /^pipelines\/([^/]+)\//.exec(file)?.[1] ?? null, runNumber: null, dataset: null, text: `${file}${line === null ? '' : `:${line}`}: ${message}`, at: null,
  }))
  const runs = latest.flatMap((run) => runAttention(run, acceptedOf(run)))
  const datasets = [...current.values()].flatMap((version) => datasetAttention(version, checks.get(version.id)?.warned ?? 0))
  const broken = [...current.values()].flatMap((version) => damageAttention(version, damaged.get(version.id) ?? 0))
  return [...findings, ...waiting.map(gateAttention), ...runs, ...broken, ...datasets]
}

function damageAttention({ dataset, number }: VersionFacts, files: number): Attention[] {
  const text = `${files} ${files === 1 ? 'file' : 'files'} of ${dataset} v${number} ${files === 1 ? 'is' : 'are'} not as Strata wrote ${files === 1 ? 'it' : 'them'}`
  return files === 0 ? [] : [{ kind: 'damaged_files', dataType: dataset.split('.', 1)[0] ?? null, runNumber: null, dataset, text, at: null }]
}

function gateAttention({ run, name, message, reachedAt }: GateRow): Attention {
  return { kind: 'waiting_gate', ...run, dataset: null, text: message ?? `It waits at the gate ${name}`, at: reachedAt }
}

function runAttention(run: RunRow, accepted: number): Attention[] {
  const failed = run.entitiesFailed - accepted
  const about = { dataType: run.dataType, runNumber: run.runNumber, dataset: null, at: run.finishedAt }
  const entries: Attention[] = []
  if (run.state === 'failed') {
    entries.push({ ...about, kind: run.problem?.code === 'CHECK_BLOCKED' ? 'blocked_check' : 'failed_run', text: run.problem?.message ?? run.summary })
  }
  if (run.state === 'interrupted') entries.push({ ...about, kind: 'interrupted_run', text: `${run.summary}. Resume it to go on where it stopped` })
  if (failed > 0) {
    entries.push({ ...about, kind: 'failed_entities', text: `${failed.toLocaleString('en')} ${failed === 1 ? 'entity' : 'entities'} failed` })
  }
  return entries
}

function datasetAttention(version: VersionFacts, warned: number): Attention[] {
  const [dataType = ''] = version.dataset.split('.')
  const about = { dataType, runNumber: version.runNumber, dataset: version.dataset, at: isoTime(version.publishedAt ?? version.createdAt) }
  const entries: Attention[] = []
  if (version.quarantined > 0) {
    entries.push({ ...about, kind: 'quarantine', text: `${version.quarantined.toLocaleString('en')} ${version.quarantined === 1 ? 'record' : 'records'} of ${version.dataset} ${version.quarantined === 1 ? 'is' : 'are'} in quarantine` })
  }
  if (warned > 0) entries.push({ ...about, kind: 'warned_check', text: `${warned} ${warned === 1 ? 'check warns' : 'checks warn'} on ${version.dataset}` })
  return entries
}

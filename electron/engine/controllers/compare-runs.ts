import type { CodeState, ComparedCheck, ComparedFile, ComparedStep, RunDiff } from '../../../shared/contract/compare.contract.ts'
import type { CheckResult, Delivery, RunStep } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { ChecksReader } from '../ledger/checks.store.ts'
import type { CodeReader, StepCodeFile } from '../ledger/code.store.ts'
import type { RunRow, RunsReader } from '../ledger/runs.store.ts'
import type { StepsReader } from '../ledger/steps.store.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import { schemaDiff } from './version-pair.ts'

export interface RunPairParts {
  runs: RunsReader
  steps: StepsReader
  checks: ChecksReader
  versions: VersionsReader
  code: CodeReader
}

export function compareRuns(parts: RunPairParts, from: RunRow, to: RunRow): RunDiff {
  if (from.dataType !== to.dataType) {
    throw new ProblemError('BAD_INPUT', `${from.dataType} #${from.runNumber} and ${to.dataType} #${to.runNumber} are runs of different data types`, { hint: 'Name two runs of one data type' })
  }
  return {
    from: withoutId(from),
    to: withoutId(to),
    options: optionDiffs(from, to),
    steps: comparedSteps(parts, from, to),
    checks: comparedChecks(parts.checks.ofRun(from.id), parts.checks.ofRun(to.id)),
    deliveries: comparedFiles(deliveriesOf(parts, from), deliveriesOf(parts, to)),
  }
}

function withoutId({ id: _id, ...run }: RunRow): RunDiff['from'] {
  return run
}

function optionDiffs(from: RunRow, to: RunRow): RunDiff['options'] {
  const [a, b] = [optionsOf(from), optionsOf(to)]
  const names = [...new Set([...a.keys(), ...b.keys()])]
  return names.map((name) => ({ name, from: a.get(name) ?? null, to: b.get(name) ?? null })).filter((option) => option.from !== option.to)
}

function optionsOf({ options, entities }: RunRow): Map<string, string> {
  const { steps, from, only, force, parameters } = options
  return new Map([
    ...(entities === null ? [] : [['entities', entities.length <= 5 ? entities.join(', ') : `${entities.length} entities`] as const]),
    ...(steps.length === 0 ? [] : [['steps', steps.join(' ')] as const]),
    ...(from === null ? [] : [['from', from] as const]),
    ...(only === null ? [] : [['only', only] as const]),
    ...(force ? [['force', 'yes'] as const] : []),
    ...Object.entries(parameters).map(([name, value]) => [name, String(value)] as const),
  ])
}

function comparedSteps(parts: RunPairParts, from: RunRow, to: RunRow): ComparedStep[] {
  const old = new Map(parts.steps.describe(from.id).map((step) => [step.dataset, step]))
  const fresh = new Map(parts.steps.describe(to.id).map((step) => [step.dataset, step]))
  const code = { old: parts.code.ofRun(from.id), fresh: parts.code.ofRun(to.id) }
  return [...new Set([...fresh.keys(), ...old.keys()])].map((dataset) => {
    const pair = { from: old.get(dataset) ?? null, to: fresh.get(dataset) ?? null }
    return { dataset, ...pair, ...comparedCode(code.old.get(dataset), code.fresh.get(dataset), pair), data: comparedData(parts.versions, pair) }
  })
}

type StepPair = Pick<ComparedStep, 'from' | 'to'>

function comparedCode(old: readonly StepCodeFile[] | undefined, fresh: readonly StepCodeFile[] | undefined, { from, to }: StepPair): Pick<ComparedStep, 'code' | 'files'> {
  if ((from !== null && old === undefined) || (to !== null && fresh === undefined)) return { code: 'unknown', files: [] }
  const before = new Map(old?.map(({ file, sha256 }) => [file, sha256]))
  const after = new Map(fresh?.map(({ file, sha256 }) => [file, sha256]))
  const files = [...new Set([...after.keys(), ...before.keys()])].map((file) => ({ file, state: fileState(before.get(file), after.get(file)) }))
  if (from === null || to === null) return { code: from === null ? 'added' : 'removed', files }
  return { code: files.every((file) => file.state === 'same') ? 'same' : 'changed', files }
}

function fileState(before: string | undefined, after: string | undefined): CodeState {
  if (before === after) return 'same'
  if (before === undefined) return 'added'
  return after === undefined ? 'removed' : 'changed'
}

function comparedData(versions: VersionsReader, { from, to }: StepPair): ComparedStep['data'] {
  const version = (step: RunStep | null) => (step === null || step.version === null ? null : versions.find(step.dataset, step.version))
  const [before, after] = [version(from), version(to)]
  if (before === null || after === null || before.removedAt !== null || after.removedAt !== null) return null
  return { fromVersion: before.number, toVersion: after.number, isSame: before.id === after.id || before.contentHash === after.contentHash, schema: schemaDiff(before, after) }
}

function comparedChecks(old: readonly CheckResult[], fresh: readonly CheckResult[]): ComparedCheck[] {
  const side = (check: CheckResult | undefined): ComparedCheck['from'] =>
    check === undefined ? null : { passed: check.passed, failingRows: check.failingRows, severity: check.severity, message: check.message }
  const keyOf = ({ dataset, rule }: CheckResult): string => `${dataset} ${rule}`
  const before = new Map(old.map((check) => [keyOf(check), check]))
  const after = new Map(fresh.map((check) => [keyOf(check), check]))
  const checks = [...new Map([...after, ...before].map(([key, check]) => [key, check]))].map(([key, { dataset, rule }]) => ({ dataset, rule, from: side(before.get(key)), to: side(after.get(key)) }))
  return checks.toSorted((a, b) => Number(isEqual(a)) - Number(isEqual(b)))
}

function isEqual({ from, to }: ComparedCheck): boolean {
  return from !== null && to !== null && from.passed === to.passed && from.failingRows === to.failingRows
}

function deliveriesOf({ steps, versions }: RunPairParts, run: RunRow): Delivery[] {
  return steps.ofRun(run.id).flatMap(({ kind, versionId }) => (kind === 'extract' && versionId !== null ? versions.deliveries(versionId) : []))
}

function comparedFiles(old: readonly Delivery[], fresh: readonly Delivery[]): ComparedFile[] {
  const keyOf = ({ dataset, fileName }: Delivery): string => `${dataset} ${fileName}`
  const before = new Map(old.map((delivery) => [keyOf(delivery), delivery]))
  const after = new Map(fresh.map((delivery) => [keyOf(delivery), delivery]))
  const files = [...new Map([...before, ...after])].map(([key, { dataset, fileName }]) => ({
    dataset, fileName, fromSha256: before.get(key)?.sha256 ?? null, toSha256: after.get(key)?.sha256 ?? null,
  }))
  return files.filter((file) => file.fromSha256 !== file.toSha256)
}

/** The texts of one step's files in both runs. */
export function codeOf({ code }: RunPairParts, { from, to, dataset }: { from: RunRow; to: RunRow; dataset: string }): { file: string; from: string | null; to: string | null }[] {
  const textsOf = (run: RunRow): Map<string, string | null> => new Map(code.ofRun(run.id).get(dataset)?.map(({ file, sha256 }) => [file, code.text(sha256)]))
  const [before, after] = [textsOf(from), textsOf(to)]
  return [...new Set([...after.keys(), ...before.keys()])].map((file) => ({ file, from: before.get(file) ?? null, to: after.get(file) ?? null }))
}

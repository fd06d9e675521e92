import { stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { parseSizeMb } from '../../../shared/domain/quantity.ts'
import type { AnalysisCache, AnalystPort } from './analyst-port.ts'
import { checkColumns } from './column-findings.ts'
import { type DataTypeDraft, draftDataType } from './data-type-draft.ts'
import { contractStatements } from './dataset-contract.ts'
import { createDatasetDirectory } from './dataset-directory.ts'
import { compareText, FindingList } from './finding-list.ts'
import { linkGates } from './gate-declarations.ts'
import { type LineageSink, readLineageSink } from './lineage-sink.ts'
import type { DataTypeModel, Limits, RetentionPolicies, StepTest, WorkspaceModel } from './model.ts'
import { readWithSchema } from './schema-reading.ts'
import { checkAfter } from './schedule-file.ts'
import { readRetry, type RetryPolicies } from './retry-file.ts'
import { checkProcessors } from './processor-syntax.ts'
import { analyseAll } from './statement-book.ts'
import { findCycles, topologicalOrder } from './step-graph.ts'
import { linkStep, type LinkedStep } from './step-links.ts'
import { linkTests } from './step-tests.ts'
import { type StrataFile, strataFileSchema } from './strata-file.schema.ts'
import type { TypedColumn } from './type-check.ts'
import { readWorkspaceFiles, type TextFile } from './workspace-files.ts'
import { parseYaml } from './yaml-document.ts'

export interface LoadWorkspaceOptions {
  root: string
  analyst: AnalystPort
  /** Columns of the current version of an extract or entity dataset; null when it has none yet. */
  knownColumns(dataset: DatasetId): TypedColumn[] | null
  cache: AnalysisCache
  /** A file as it would be, to find out what would be wrong then. */
  instead?: TextFile
}

/**
 * Reads every file of a workspace and answers with the model and every mistake at once.
 * @throws ProblemError NOT_FOUND when the folder or its strata.yaml does not exist, CANCELLED when the analyst was stopped
 */
export async function loadWorkspace(options: LoadWorkspaceOptions): Promise<WorkspaceModel> {
  const root = resolve(options.root)
  await requireWorkspace(root)
  const findings = new FindingList()
  const files = await readWorkspaceFiles(root, findings, options.instead)
  const strata = files.strata === null ? null : readStrata(files.strata, root, findings)
  const drafts = draftAll(files.dataTypes.map((dataType) => draftDataType(dataType, strata?.retry ?? {}, findings)), findings)
  const steps = await linkAll(drafts, { ...options, root, findings })
  reportCycles(steps, findings)
  checkAfter(drafts, findings)
  const columns = await checkColumns(steps, { ...options, findings })
  const tests = linkTests(drafts, { steps, columns, findings })
  const isBroken = findings.hasErrorIn((file) => file === 'strata.yaml' || file === 'pipelines')
  const dataTypes = drafts.map((draft) => toDataType(draft, steps, { isBroken, tests, findings }))
  return { root, ...namesOf(strata, root), limits: readLimits(strata), retention: readRetention(strata), keepLogsDays: strata?.logs?.keep_days ?? null, lineageSink: strata?.lineageSink ?? null, resume: strata?.resume ?? 'automatic', dataTypes, findings: findings.sorted() }
}

function namesOf(strata: Pick<StrataFile, 'name' | 'label' | 'description'> | null, root: string): Pick<WorkspaceModel, 'name' | 'label' | 'description'> {
  const name = strata?.name ?? basename(root)
  return { name, label: strata?.label ?? name, description: strata?.description ?? null }
}

async function requireWorkspace(root: string): Promise<void> {
  const folder = await stat(root).catch(() => null)
  if (folder === null || !folder.isDirectory()) {
    throw new ProblemError('NOT_FOUND', `There is no folder ${root}`, { hint: `Make a workspace there: strata init ${root}`, details: { path: root } })
  }
  const marker = await stat(join(root, 'strata.yaml')).catch(() => null)
  if (marker === null) {
    throw new ProblemError('NOT_FOUND', `${root} is no workspace: it has no strata.yaml`, { hint: `Make it one: strata init ${root}`, details: { path: root } })
  }
}

type StrataReading = Omit<StrataFile, 'retry'> & { retry: RetryPolicies; lineageSink: LineageSink | null }

function readStrata(file: TextFile, root: string, findings: FindingList): StrataReading | null {
  const document = parseYaml(file.path, file.text, findings)
  const strata = readWithSchema(document, strataFileSchema, findings)
  const memory = strata?.limits?.memory
  if (memory !== undefined && (parseSizeMb(memory) ?? 0) < LEAST_MEMORY_MB) {
    findings.add({ code: 'invalid-value', file: file.path, at: document.place(['limits', 'memory']), message: `"limits.memory" must be at least ${LEAST_MEMORY_MB}MB, but is ${memory}` })
  }
  return { ...(strata ?? { name: basename(root) }), retry: readRetry(strata?.retry, {}, { document, findings }), lineageSink: readLineageSink(strata, document, findings) }
}

const LEAST_MEMORY_MB = 128
const MOST_DEFAULT_MEMORY_MB = 4_096
const MOST_DEFAULT_THREADS = 8
const DEFAULT_RUNS = 2
const DEFAULT_COPIES_MB = 10_240

function readLimits(strata: Pick<StrataFile, 'limits'> | null): Limits {
  const { memory, threads, runs, copies } = strata?.limits ?? {}
  const written = memory === undefined ? null : parseSizeMb(memory)
  return {
    memoryMb: Math.max(LEAST_MEMORY_MB, written ?? Math.min(MOST_DEFAULT_MEMORY_MB, Math.floor(totalmem() / 2 ** 21))),
    threads: threads ?? Math.min(availableParallelism(), MOST_DEFAULT_THREADS),
    runs: runs ?? DEFAULT_RUNS,
    copiesMb: (copies === undefined ? null : parseSizeMb(copies)) ?? DEFAULT_COPIES_MB,
  }
}

function readRetention(strata: StrataFile | null): RetentionPolicies {
  return Object.fromEntries(
    Object.entries(strata?.retention ?? {}).flatMap(([zone, policy]) => (policy === undefined ? [] : [[zone, { keepVersions: policy.keep_versions ?? null, keepDays: policy.keep_days ?? null }]])),
  )
}

/** Two folders may mean the same name (`Drugs` and `drugs`); the one that is spelt right counts. */
function draftAll(read: readonly (DataTypeDraft | null)[], findings: FindingList): DataTypeDraft[] {
  const byName = new Map<string, DataTypeDraft>()
  const rightFirst = read.filter((draft) => draft !== null).toSorted((a, b) => Number(isMisspelt(a)) - Number(isMisspelt(b)))
  for (const draft of rightFirst) {
    const earlier = byName.get(draft.name)
    if (earlier === undefined) byName.set(draft.name, draft)
    else findings.add({ code: 'duplicate', file: draft.path, message: `Data type "${draft.name}" is already in ${earlier.path}`, suggestion: 'Keep one of the two folders' })
  }
  return [...byName.values()].toSorted((a, b) => compareText(a.name, b.name))
}

function isMisspelt({ name, path }: DataTypeDraft): boolean {
  return !path.endsWith(`/${name}`)
}

/** Looks every name up. All statements that were never seen before are analysed in one call. */
async function linkAll(drafts: readonly DataTypeDraft[], { root, analyst, cache, findings }: LoadWorkspaceOptions & { findings: FindingList }): Promise<LinkedStep[]> {
  const stepDrafts = drafts.flatMap(({ steps }) => steps)
  const statements = stepDrafts.flatMap(({ kind, file, contract }) => [...(kind === 'sql' ? [file.text] : []), ...(contract === null ? [] : contractStatements(contract))])
  const book = await analyseAll(statements, { analyst, cache, findings })
  await checkProcessors(stepDrafts, { analyst, cache, findings })
  const directory = createDatasetDirectory(stepDrafts.map(({ id }) => id))
  const linked = drafts.flatMap((dataType) => dataType.steps.map((draft) => linkStep(draft, { dataType, root, book, directory, findings })))
  return topologicalOrder(linked)
}

/** Told once in each data type that a cycle passes through, at the place that names the next dataset of it. */
function reportCycles(steps: readonly LinkedStep[], findings: FindingList): void {
  const byId = new Map(steps.map((step) => [step.id, step]))
  for (const cycle of findCycles(steps)) {
    const told = new Set<string>()
    const path = [...cycle, cycle[0]].join(' → ')
    for (const [i, id] of cycle.entries()) {
      const next = cycle[(i + 1) % cycle.length]
      const step = byId.get(id)
      if (step === undefined || told.has(step.draft.dataset.dataType)) continue
      told.add(step.draft.dataset.dataType)
      const reference = step.references.find(({ dataset }) => dataset === next)
      const message = cycle.length === 1 ? `${id} reads itself` : `The steps go in a circle: ${path} (each reads the next)`
      findings.add({ code: 'cycle', file: reference?.file ?? step.draft.file.path, ...(reference === undefined ? {} : { at: reference.at }), message })
    }
  }
}

function toDataType(draft: DataTypeDraft, steps: readonly LinkedStep[], { isBroken, tests, findings }: { isBroken: boolean; tests: readonly StepTest[]; findings: FindingList }): DataTypeModel {
  const { name, label, description, entityKey, entityNames, parameters, schedule, triggers, retry, path } = draft
  const own = topologicalOrder(draft.steps.flatMap(({ id }) => steps.find((step) => step.id === id) ?? []))
  const models = own.flatMap(({ model }) => model ?? [])
  const gates = linkGates(draft.gates, { dataType: name, order: own.map(({ id }) => id), findings })
  // What is wrong in a test keeps nothing from running.
  const hasError = isBroken || findings.hasErrorIn((file) => file === path || (file.startsWith(`${path}/`) && !file.startsWith(`${path}/tests/`)))
  return { name, label, description, entityKey, entityNames, parameters, schedule, triggers: { files: triggers.files, after: triggers.after }, retry, steps: models, gates, tests: tests.filter((test) => test.dataType === name), runnable: !hasError && models.length > 0 }
}

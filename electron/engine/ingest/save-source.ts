import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Declaration, SavedSource } from '../../../shared/contract/ingest.contract.ts'
import type { ColumnGuess } from '../../../shared/contract/ingest.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { datasetId } from '../../../shared/domain/naming.ts'
import { childrenIn } from '../../../shared/domain/nested-tables.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { findSourceFiles, type FoundFile } from '../etl/find-files.ts'
import type { EngineParts } from '../parts.ts'
import type { ExtractStep } from '../workspace/model.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import { exists, type FilePlan, placeFiles, planFiles } from './place-files.ts'
import { declarationIn, withSource } from './pipeline-edit.ts'
import { proposeStep } from './propose-step.ts'

export interface SaveRequest {
  dataType: string
  source: string
  paths: string[]
  declaration: Declaration
  take: 'copy' | 'move'
  reading: 'keep' | 'change'
  step?: { columns: ColumnGuess[] } | undefined
  dryRun: boolean
}

export type IngestParts = Pick<EngineParts, 'workspace' | 'workers' | 'layout' | 'durable' | 'versions' | 'deliveries' | 'audit' | 'ledger' | 'events' | 'clock' | 'log'>

/** Puts files into the inbox and their source into pipeline.yaml, with a first step over it. Without `dryRun`, on record. */
export async function saveSource(parts: IngestParts, request: SaveRequest, { actor, signal }: { actor: Actor; signal: AbortSignal }): Promise<SavedSource> {
  const { layout } = parts
  const { dataType, source } = request
  const step = existingStep(parts, request)
  const found = await findSourceFiles({ root: layout.root, patterns: request.paths, signal })
  const plans = await plan(parts, { request, step, found, signal })
  const fresh = plans.filter(({ how }) => how !== 'again')
  const pipelineFile = `pipelines/${dataType}/pipeline.yaml`
  const text = await readFile(path.join(layout.root, pipelineFile), 'utf8').catch(whenAbsent(null))
  const files = await sourceFiles(parts, { step, fresh, request, signal })
  const isRead = step === null || request.reading === 'change'
  const isChanged = isRead || files.length !== step.source.files.length
  const proposed = await proposedFiles(parts, request)
  const written = [
    ...(fresh.length > 0 && isChanged ? [{ path: pipelineFile, text: withSource({ text, file: pipelineFile, source, files, declaration: isRead ? request.declaration : null, label: labelOf(dataType) }), before: text }] : []),
    ...(fresh.length > 0 ? proposed.filter(({ isThere }) => !isThere).map(({ path: file, text: content }) => ({ path: file, text: content, before: null })) : []),
  ]
  const saved: SavedSource = {
    dataType,
    source,
    dataset: datasetId({ dataType, zone: 'raw', name: source }),
    tables: (isRead ? childrenIn(request.declaration) : []).map((child) => datasetId({ dataType, zone: 'raw', name: `${source}_${child}` })),
    isNewDataType: text === null && !parts.workspace.current().dataTypes.some(({ name }) => name === dataType),
    isNewSource: step === null,
    declares: step === null ? null : declarationIn(text, source),
    files: plans.map(({ name: _name, modifiedAt: _at, target, ...file }) => ({ ...file, from: layout.relative(file.from), to: layout.relative(target) })),
    written,
    kept: proposed.filter(({ isThere }) => isThere).map(({ path: file }) => file),
    isNothingNew: fresh.length === 0,
  }
  if (!request.dryRun) await carryOut(parts, { saved, plans, actor, declaration: request.declaration, reading: request.reading })
  return saved
}

function labelOf(dataType: string): string {
  const words = dataType.replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

function existingStep({ workspace }: IngestParts, { dataType, source }: SaveRequest): ExtractStep | null {
  const steps = workspace.current().dataTypes.find(({ name }) => name === dataType)?.steps ?? []
  const step = steps.find(({ zone, name }) => zone === 'raw' && name === source)
  return step?.kind === 'extract' ? step : null
}

interface Planning {
  request: SaveRequest
  step: ExtractStep | null
  found: FoundFile[]
  signal: AbortSignal
}

async function plan(parts: IngestParts, { request, step, found, signal }: Planning): Promise<FilePlan[]> {
  const { workers, versions, deliveries } = parts
  const hash = async (paths: string[]): Promise<(string | null)[]> => (paths.length === 0 ? [] : (await workers.shared('ingest').call('hash', { paths }, { signal })).files.map((file) => file?.sha256 ?? null))
  const hashes = (await hash(found.map(({ path: file }) => file))).map((sha256) => sha256 ?? '')
  const latest = step === null ? null : versions.latest(step.dataset)
  const known = new Map((latest === null ? [] : versions.deliveries(latest.id)).map(({ sha256, fileName }) => [sha256, fileName]))
  const own = new Set(found.map(({ path: file }) => file))
  const waiting = step === null ? [] : (await presentFiles(parts, step, signal)).filter(({ path: file, sizeBytes }) => !own.has(file) && found.some((one) => one.sizeBytes === sizeBytes))
  for (const [index, sha256] of (await hash(waiting.map(({ path: file }) => file))).entries()) if (sha256 !== null) known.set(sha256, waiting[index]?.name ?? '')
  return planFiles(parts, { ...request, files: found, hashes, known, isKept: (sha256) => deliveries.isKept(sha256), hashOf: async (file) => (await hash([file]))[0] ?? null })
}

async function presentFiles({ layout }: IngestParts, step: ExtractStep, signal: AbortSignal): Promise<FoundFile[]> {
  try {
    return await findSourceFiles({ root: layout.root, patterns: step.source.files, signal })
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'SOURCE_MISSING') return []
    throw error
  }
}

/** What `files` says: a folder for many files in the inbox, else each by name; a source that is there gets what its patterns do not find. */
async function sourceFiles(parts: IngestParts, { step, fresh, request, signal }: { step: ExtractStep | null; fresh: readonly FilePlan[]; request: SaveRequest; signal: AbortSignal }): Promise<string[]> {
  const { layout } = parts
  const targets = fresh.map(({ target }) => layout.relative(target))
  if (step === null) {
    const folder = `inbox/${request.dataType}/${request.source}`
    return targets.length > 1 && targets.every((target) => target.startsWith(`${folder}/`)) ? [folder] : targets
  }
  const present = new Set((await presentFiles(parts, step, signal)).map(({ path: file }) => layout.relative(file)))
  const isCovered = (target: string): boolean => present.has(target) || step.source.files.some((pattern) => target === pattern || target.startsWith(`${pattern}/`) || path.matchesGlob(target, pattern))
  return [...step.source.files, ...targets.filter((target) => !isCovered(target))]
}

async function proposedFiles({ layout }: IngestParts, { dataType, source, step }: SaveRequest): Promise<{ path: string; text: string; isThere: boolean }[]> {
  if (step === undefined || step.columns.length === 0) return []
  const { sql, contract } = proposeStep(source, step.columns, step.columns.some(({ isUnique }) => isUnique))
  const base = `pipelines/${dataType}/preprocessed/${source}`
  const files = [{ path: `${base}.sql`, text: sql }, { path: `${base}.yaml`, text: contract }]
  const isThere = (await Promise.all(files.map(({ path: file }) => exists(path.join(layout.root, file))))).some(Boolean)
  return files.map((file) => ({ ...file, isThere }))
}

interface Deed {
  saved: SavedSource
  plans: FilePlan[]
  actor: Actor
  declaration: Declaration
  reading: SaveRequest['reading']
}

async function carryOut(parts: IngestParts, { saved, plans, actor, declaration, reading }: Deed): Promise<void> {
  const { layout, durable, workspace, ledger, events, audit, deliveries, clock } = parts
  await placeFiles(parts, plans)
  for (const { path: file, text } of saved.written) {
    const target = path.join(layout.root, file)
    await mkdir(path.dirname(target), { recursive: true })
    await durable.writeFile(target, text)
  }
  if (saved.written.length > 0) await workspace.reload()
  const at = clock()
  ledger.write(() => {
    for (const plan of plans) {
      if (plan.how === 'again') deliveries.recordAgain({ dataset: saved.dataset, fileName: plan.name, origin: layout.relative(plan.from), sha256: plan.sha256, sizeBytes: plan.sizeBytes, sameAs: plan.sameAs ?? '' }, at)
    }
    const counted = (how: FilePlan['how']): number => plans.filter((plan) => plan.how === how).length
    const details = { files: plans.length, again: counted('again'), moved: counted('moved'), written: saved.written.map(({ path: file }) => file), ...(saved.isNewSource || reading === 'change' ? { declaration } : {}) }
    audit.append({ actor, action: 'ingest', target: saved.dataset, details }, at)
    if (saved.written.length > 0) events.append({ kind: 'workspace', text: 'changed' }, at)
  })
}

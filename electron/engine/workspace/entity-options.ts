import { parseTolerance } from '../../../shared/domain/quantity.ts'
import type { EntityFile } from './contract-file.schema.ts'
import type { ContractDraft, DataTypeDraft, StepDraft } from './data-type-draft.ts'
import type { DatasetDirectory } from './dataset-directory.ts'
import type { FindingList } from './finding-list.ts'
import type { EntityGrain, EntityStep } from './model.ts'
import { durationOr } from './retry-file.ts'
import type { Reference } from './statement-references.ts'

export interface EntityReading {
  options: Pick<EntityStep, 'input' | 'key' | 'attempts' | 'retryDelayMs' | 'timeoutMs' | 'concurrency' | 'maxFailed'>
  reference: Reference
}

const DEFAULTS = { attempts: 3, retryDelayMs: 500, timeoutMs: 30_000, concurrency: 4 }

interface Names {
  directory: DatasetDirectory
  findings: FindingList
}

/** What an entity step reads and how it runs, from the sidecar beside its processor; null when that cannot be known. */
export function readEntityOptions(draft: StepDraft, dataType: DataTypeDraft, names: Names): EntityReading | null {
  checkDefaultExport(draft, names.findings)
  const { contract } = draft
  const entity = contract?.data.entity
  if (contract === null || entity?.input === undefined) {
    names.findings.add({
      code: 'missing-key',
      file: contract?.document.file ?? draft.file.path,
      message: `The processor ${draft.dataset.name}.ts needs to be told what it reads`,
      suggestion: `Write into ${draft.dataset.name}.yaml: entity: { input: preprocessed.something }`,
    })
    return null
  }
  const reference = readInput(entity.input, contract, { ...names, dataType: dataType.name })
  const key = readKey(entity, contract, { findings: names.findings, dataType })
  if (reference === null || key === null) return null
  return {
    reference,
    options: {
      input: reference.dataset,
      key,
      attempts: entity.attempts ?? DEFAULTS.attempts,
      retryDelayMs: durationOr(entity.retry_delay, DEFAULTS.retryDelayMs),
      timeoutMs: durationOr(entity.timeout, DEFAULTS.timeoutMs),
      concurrency: entity.concurrency ?? DEFAULTS.concurrency,
      maxFailed: tolerated(entity),
    },
  }
}

function readInput(input: string, { document }: ContractDraft, { directory, findings, dataType }: Names & { dataType: string }): Reference | null {
  const at = document.place(['entity', 'input'])
  const dataset = directory.resolve(input, dataType)
  if (dataset !== null) return { dataset, file: document.file, at }
  findings.add({ code: 'unknown-dataset', file: document.file, at, message: `Unknown dataset "${input}"`, suggestion: directory.suggest(input, dataType) })
  return null
}

function readKey(entity: EntityFile | undefined, { document }: ContractDraft, { findings, dataType }: { findings: FindingList; dataType: DataTypeDraft }): string | null {
  const key = entity?.key ?? dataType.entityKey
  if (key !== null) return key
  findings.add({
    code: 'missing-key',
    file: document.file,
    at: document.place(entity === undefined ? ['grain'] : ['entity'], 'key'),
    message: 'No column is named as the key of an entity',
    suggestion: 'Add entity.key here, or entity: { key: ... } to pipeline.yaml',
  })
  return null
}

/** Found without running the author's code, which checking a workspace must never do. */
function checkDefaultExport({ file }: StepDraft, findings: FindingList): void {
  if (/\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/.test(file.text)) return
  findings.add({ code: 'no-default-export', file: file.path, message: 'The processor has no default export', suggestion: 'Write export default defineProcessor({ result, process })' })
}

/** How an SQL step with `grain: entity` accounts for its entities; null without it. */
export function readEntityGrain({ contract }: StepDraft, dataType: DataTypeDraft, findings: FindingList): EntityGrain | null {
  if (contract?.data.grain === undefined) return null
  const { entity } = contract.data
  const key = readKey(entity, contract, { findings, dataType })
  return key === null ? null : { key, maxFailed: tolerated(entity), isUnsafe: entity?.unsafe ?? false }
}

function tolerated(entity: EntityFile | undefined): EntityStep['maxFailed'] {
  return (entity?.max_failed === undefined ? null : parseTolerance(entity.max_failed)) ?? { count: 0 }
}

/** What only a program has: it is called once for each entity. */
const PROCESSOR_KEYS = ['input', 'attempts', 'retry_delay', 'timeout', 'concurrency'] as const

/** Options that say nothing beside this kind of step. */
export function refuseEntityOptions({ kind, contract, dataset }: StepDraft, findings: FindingList): void {
  if (contract === null) return
  const { document, data } = contract
  const refuse: Refuse = (path, message, suggestion) =>
    findings.add({ code: 'option-not-for-step', file: document.file, at: document.place(path, 'key'), message, suggestion })
  if (data.grain !== undefined && kind !== 'sql') refuse(['grain'], `"grain" is for SQL steps, but ${dataset.name} is ${kind === 'entity' ? 'a processor, which always goes entity by entity' : 'a source'}`, 'Remove grain')
  if (data.entity === undefined) return
  if (kind === 'extract') refuse(['entity'], `"entity" is for entity steps, but ${dataset.name} is a source`, 'Remove entity')
  if (kind === 'entity' && data.entity.unsafe !== undefined) refuse(['entity', 'unsafe'], '"unsafe" is for SQL steps with grain: entity', 'Remove unsafe')
  if (kind === 'sql') refuseProcessorOptions({ dataset, data }, refuse)
}

type Refuse = (path: string[], message: string, suggestion: string) => void

function refuseProcessorOptions({ dataset, data }: Pick<StepDraft, 'dataset'> & Pick<ContractDraft, 'data'>, refuse: Refuse): void {
  if (data.grain === undefined) return refuse(['entity'], `"entity" is for entity steps, but ${dataset.name} is an SQL step without grain: entity`, 'Add grain: entity, or remove entity')
  for (const name of PROCESSOR_KEYS) {
    if (data.entity?.[name] !== undefined) refuse(['entity', name], `"${name}" is for processors, but ${dataset.name} is an SQL step`, `Remove ${name}`)
  }
}

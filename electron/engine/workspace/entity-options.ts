import { parseDurationMs, parseTolerance } from '../../../shared/domain/quantity.ts'
import type { DataTypeDraft, StepDraft } from './data-type-draft.ts'
import type { DatasetDirectory } from './dataset-directory.ts'
import type { FindingList } from './finding-list.ts'
import type { EntityStep } from './model.ts'
import type { Reference } from './statement-references.ts'

export interface EntityReading {
  options: Pick<EntityStep, 'input' | 'key' | 'attempts' | 'retryDelayMs' | 'timeoutMs' | 'concurrency' | 'maxFailed'>
  reference: Reference
}

const DEFAULTS = { attempts: 3, retryDelayMs: 500, timeoutMs: 30_000, concurrency: 4 }

/** What an entity step reads and how it runs, from the sidecar beside its processor; null when that cannot be known. */
export function readEntityOptions(draft: StepDraft, dataType: DataTypeDraft, { directory, findings }: { directory: DatasetDirectory; findings: FindingList }): EntityReading | null {
  checkDefaultExport(draft, findings)
  const { contract } = draft
  const entity = contract?.data.entity
  if (contract === null || entity === undefined) {
    findings.add({
      code: 'missing-key',
      file: contract?.document.file ?? draft.file.path,
      message: `The processor ${draft.dataset.name}.ts needs to be told what it reads`,
      suggestion: `Write into ${draft.dataset.name}.yaml: entity: { input: preprocessed.something }`,
    })
    return null
  }
  const { document } = contract
  const file = document.file
  const at = document.place(['entity', 'input'])
  const input = directory.resolve(entity.input, dataType.name)
  if (input === null) {
    findings.add({ code: 'unknown-dataset', file, at, message: `Unknown dataset "${entity.input}"`, suggestion: directory.suggest(entity.input, dataType.name) })
  }
  const key = entity.key ?? dataType.entityKey
  if (key === null) {
    findings.add({
      code: 'missing-key',
      file,
      at: document.place(['entity'], 'key'),
      message: `No column is named as the key of an entity`,
      suggestion: 'Add entity.key here, or entity: { key: ... } to pipeline.yaml',
    })
  }
  if (input === null || key === null) return null
  const duration = (value: string | number | undefined, fallback: number): number => (value === undefined ? fallback : (parseDurationMs(value) ?? fallback))
  return {
    reference: { dataset: input, file, at },
    options: {
      input,
      key,
      attempts: entity.attempts ?? DEFAULTS.attempts,
      retryDelayMs: duration(entity.retry_delay, DEFAULTS.retryDelayMs),
      timeoutMs: duration(entity.timeout, DEFAULTS.timeoutMs),
      concurrency: entity.concurrency ?? DEFAULTS.concurrency,
      maxFailed: (entity.max_failed === undefined ? null : parseTolerance(entity.max_failed)) ?? { count: 0 },
    },
  }
}

/** Found without running the author's code, which checking a workspace must never do. */
function checkDefaultExport({ file }: StepDraft, findings: FindingList): void {
  if (/\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/.test(file.text)) return
  findings.add({ code: 'no-default-export', file: file.path, message: 'The processor has no default export', suggestion: 'Write export default defineProcessor({ result, process })' })
}

/** `entity` beside anything but a processor says nothing. */
export function refuseEntityOptions({ kind, contract, dataset }: StepDraft, findings: FindingList): void {
  if (kind === 'entity' || contract?.data.entity === undefined) return
  findings.add({
    code: 'option-not-for-step',
    file: contract.document.file,
    at: contract.document.place(['entity'], 'key'),
    message: `"entity" is for entity steps, but ${dataset.name} is ${kind === 'sql' ? 'an SQL step' : 'a source'}`,
    suggestion: 'Remove entity',
  })
}

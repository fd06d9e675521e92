import { closestName, type DatasetId, datasetId, type DatasetName, datasetNameProblem, dataTypeNameProblem } from '../../../shared/domain/naming.ts'
import type { Parameter } from '../../../shared/domain/run-parameters.ts'
import { zoneIndex } from '../../../shared/domain/zone.ts'
import { type ContractFile, contractFileSchema } from './contract-file.schema.ts'
import { compareText, type FindingList, type Place, WHOLE_FILE } from './finding-list.ts'
import { type GateDraft, readGates } from './gate-declarations.ts'
import type { EntityNames, ScheduleSpec, SourceSpec } from './model.ts'
import { readParameters } from './parameter-declarations.ts'
import { type PipelineFile, pipelineFileSchema } from './pipeline-file.schema.ts'
import { readRetry, type RetryPolicies } from './retry-file.ts'
import { NO_TRIGGERS, readSchedule, readTriggers, type TriggerDraft } from './schedule-file.ts'
import { readWithSchema } from './schema-reading.ts'
import { readMapping } from './mapping-source.ts'
import type { SourceContext } from './source-context.ts'
import { readSource } from './source-spec.ts'
import type { DataTypeFiles, StepFile, TextFile } from './workspace-files.ts'
import { parseYaml, type YamlDocument } from './yaml-document.ts'

/** A data type as its own files say it, before any name in it is looked up. */
export interface DataTypeDraft {
  name: string
  /** Path of its folder; every file of it begins so. */
  path: string
  label: string
  description: string | null
  entityKey: string | null
  entityNames: EntityNames
  parameters: Parameter[]
  schedule: ScheduleSpec | null
  triggers: TriggerDraft
  gates: GateDraft[]
  retry: RetryPolicies
  /** By zone, then name. */
  steps: StepDraft[]
  /** Tests of its steps, not read yet. */
  tests: TextFile[]
}

export interface StepDraft {
  kind: 'extract' | 'sql' | 'entity'
  id: DatasetId
  dataset: DatasetName
  file: TextFile
  /** Where in the file it begins. */
  at: Place
  /** Of an extract step; null where the source could not be read. */
  source: SourceSpec | null
  contract: ContractDraft | null
}

export interface ContractDraft {
  document: YamlDocument
  data: ContractFile
}

/** Reads the files of a data type; `retry` is what the workspace says of trying again. A name that is merely misspelt (upper case, a dash) is an error, and is taken as it was meant. */
export function draftDataType(files: DataTypeFiles, retry: RetryPolicies, findings: FindingList): DataTypeDraft | null {
  const name = readDataTypeName(files, findings)
  if (name === null) return null
  const drafts = new StepDrafts(name, findings)
  const facts = files.pipeline === null ? null : readPipeline(files.pipeline, { drafts, retry }, findings)
  for (const file of files.steps) if (file.ending !== '.yaml') drafts.addFile(file)
  for (const file of files.steps) if (file.ending === '.yaml') drafts.addContract(file)
  const steps = drafts.sorted()
  if (steps.length === 0) {
    findings.add({
      severity: 'warning',
      code: 'no-steps',
      file: files.pipeline?.path ?? files.path,
      message: `Data type "${name}" has no steps`,
      suggestion: 'Declare a source in pipeline.yaml, or put a SELECT into <zone>/<name>.sql',
    })
  }
  return { label: name, description: null, entityKey: null, entityNames: { labels: [], identifiers: [] }, parameters: [], gates: [], schedule: null, triggers: NO_TRIGGERS, retry, ...facts, name, path: files.path, steps, tests: files.tests }
}

function readDataTypeName({ folderName, path }: DataTypeFiles, findings: FindingList): string | null {
  const problem = dataTypeNameProblem(folderName)
  if (problem === null) return folderName
  const meant = meantName(folderName)
  const isMendable = dataTypeNameProblem(meant) === null
  findings.add({ code: 'bad-name', file: path, message: `Data type ${problem}`, suggestion: isMendable ? `Rename the folder to ${meant}` : 'Choose another name' })
  return isMendable ? meant : null
}

function readPipeline(file: TextFile, { drafts, retry: base }: { drafts: StepDrafts; retry: RetryPolicies }, findings: FindingList): Partial<DataTypeDraft> {
  const document = parseYaml(file.path, file.text, findings)
  const names = declaredSources(document)
  const pipeline = readWithSchema(document, pipelineFileSchema, findings) ?? {}
  const declared = { parameters: parameterNames(pipeline), document, findings }
  for (const name of names) {
    // One with mistakes has been left out; its name may still be that of a property which every object has.
    const source = Object.entries(pipeline.sources ?? {}).find(([key]) => key === name)?.[1]
    addSources(drafts, file, source === undefined ? { name, document } : { name, source, ...declared })
  }
  const { label, description = null, entity } = pipeline
  const parameters = readParameters(pipeline.parameters ?? {}, { document, findings })
  const gates = readGates(pipeline.gates ?? {}, { document, findings })
  const schedule = readSchedule(pipeline.schedule, { document, findings })
  const triggers = readTriggers(pipeline.triggers, names, { document, findings })
  const retry = readRetry(pipeline.retry, base, { document, findings })
  return { ...(label === undefined ? {} : { label }), description, ...readEntity(entity), parameters, gates, schedule, triggers, retry }
}

function readEntity(entity: PipelineFile['entity']): Pick<DataTypeDraft, 'entityKey' | 'entityNames'> {
  return { entityKey: entity?.key ?? null, entityNames: { labels: [entity?.labels ?? []].flat(), identifiers: [entity?.identifiers ?? []].flat() } }
}

function parameterNames({ parameters = {} }: PipelineFile): string[] {
  return Object.keys(parameters)
}

/** The source, and those that its children are. */
function addSources(drafts: StepDrafts, file: TextFile, context: SourceContext | Pick<SourceContext, 'name' | 'document'>): void {
  const { name, document } = context
  const spec = 'source' in context ? readSource(context) : null
  const mapped = spec === null || !('source' in context) ? null : readMapping(context, spec)
  drafts.addSource(name, mapped?.spec ?? null, { file, at: document.place(['sources', name], 'key') })
  for (const child of mapped?.children ?? []) {
    drafts.addSource(child.name, child, { file, at: document.place(['sources', name, 'children', child.name.slice(name.length + 1)], 'key') })
  }
}

/** Also those with mistakes in them: their datasets are known by name all the same. */
function declaredSources({ value }: YamlDocument): string[] {
  const sources = typeof value === 'object' && value !== null && 'sources' in value ? value.sources : null
  return typeof sources === 'object' && sources !== null && !Array.isArray(sources) ? Object.keys(sources) : []
}

function meantName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_').replace(/^_+/, '')
}

class StepDrafts {
  readonly #dataType: string
  readonly #findings: FindingList
  readonly #steps = new Map<DatasetId, StepDraft>()

  constructor(dataType: string, findings: FindingList) {
    this.#dataType = dataType
    this.#findings = findings
  }

  addSource(name: string, source: SourceSpec | null, { file, at }: { file: TextFile; at: Place }): void {
    const dataset = this.#dataset({ zone: 'raw', name, file: file.path, at, rename: (meant) => `Call it ${meant}` })
    if (dataset !== null) this.#add({ kind: 'extract', dataset, file, at, source })
  }

  addFile(file: StepFile): void {
    if (file.zone === 'raw') {
      this.#findings.add({
        code: 'step-in-raw',
        file: file.path,
        message: 'The raw zone holds what sources deliver; a step cannot write there',
        suggestion: 'Move the file into preprocessed',
      })
      return
    }
    const dataset = this.#dataset({ zone: file.zone, name: file.stem, file: file.path, at: WHOLE_FILE, rename: (meant) => `Rename it to ${meant}${file.ending}` })
    if (dataset !== null) this.#add({ kind: file.ending === '.sql' ? 'sql' : 'entity', dataset, file, at: WHOLE_FILE, source: null })
  }

  addContract(file: StepFile): void {
    const document = parseYaml(file.path, file.text, this.#findings)
    const data = readWithSchema(document, contractFileSchema, this.#findings)
    const rename = (meant: string): string => `Rename it to ${meant}.yaml`
    const dataset = this.#dataset({ zone: file.zone, name: file.stem, file: file.path, at: WHOLE_FILE, rename })
    if (dataset === null || data === null) return
    const step = this.#steps.get(datasetId(dataset))
    if (step !== undefined) {
      step.contract = { document, data }
      return
    }
    const neighbours = this.sorted().filter((other) => other.dataset.zone === file.zone)
    const closest = closestName(file.stem, neighbours.map((other) => other.dataset.name))
    this.#findings.add({
      code: 'contract-without-step',
      file: file.path,
      message: `There is no step for this contract: ${file.zone === 'raw' ? `pipeline.yaml has no source "${file.stem}"` : `neither ${file.stem}.sql nor ${file.stem}.ts is beside it`}`,
      suggestion: closest === null ? null : `Did you mean ${closest}.yaml?`,
    })
  }

  sorted(): StepDraft[] {
    return [...this.#steps.values()].toSorted((a, b) => zoneIndex(a.dataset.zone) - zoneIndex(b.dataset.zone) || compareText(a.dataset.name, b.dataset.name))
  }

  #dataset({ zone, name, file, at, rename }: { zone: StepFile['zone']; name: string; file: string; at: Place; rename: (meant: string) => string }): DatasetName | null {
    const problem = datasetNameProblem(name)
    if (problem === null) return { dataType: this.#dataType, zone, name }
    const meant = meantName(name)
    const isMendable = datasetNameProblem(meant) === null
    this.#findings.add({ code: 'bad-name', file, at, message: `Dataset ${problem}`, suggestion: isMendable ? rename(meant) : 'Choose another name' })
    return isMendable ? { dataType: this.#dataType, zone, name: meant } : null
  }

  #add(step: Omit<StepDraft, 'id' | 'contract'>): void {
    const id = datasetId(step.dataset)
    const earlier = this.#steps.get(id)
    if (earlier === undefined) {
      this.#steps.set(id, { ...step, id, contract: null })
      return
    }
    this.#findings.add({
      code: 'duplicate',
      file: step.file.path,
      at: step.at,
      message: `${id} is already made by ${earlier.file.path}${earlier.at.line === null ? '' : `, line ${earlier.at.line}`}`,
      suggestion: 'Keep one of the two, or rename one',
    })
  }
}

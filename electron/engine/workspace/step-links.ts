import { join } from 'node:path'
import { checkReads, siftRules } from '../planning/check-timing.ts'
import type { SqlVariable } from '../workers/wire.ts'
import { datasetId, type DatasetId } from '../../../shared/domain/naming.ts'
import type { DataTypeDraft, StepDraft } from './data-type-draft.ts'
import { readContract } from './dataset-contract.ts'
import type { DatasetDirectory } from './dataset-directory.ts'
import { readEntityGrain, readEntityOptions, refuseEntityOptions } from './entity-options.ts'
import { type FindingList, placeAt } from './finding-list.ts'
import type { DatasetContract, DriftPolicy, StepModel } from './model.ts'
import { readRetry } from './retry-file.ts'
import { sha256, type StatementBook } from './statement-book.ts'
import { readStatement, type Reference } from './statement-references.ts'
import { declaredVariables } from './parameter-declarations.ts'
import type { GraphNode } from './step-graph.ts'
import type { TypeableStatement } from './type-check.ts'

/** A step with its names looked up. */
export interface LinkedStep extends GraphNode {
  draft: StepDraft
  contract: DatasetContract | null
  /** Null where a mistake leaves too little to run. */
  model: StepModel | null
  references: Reference[]
  /** Its SELECT, where that can be typed. */
  statement: TypeableStatement | null
  checkStatements: TypeableStatement[]
}

export interface LinkContext {
  dataType: DataTypeDraft
  root: string
  book: StatementBook
  directory: DatasetDirectory
  findings: FindingList
}

/** Looks up the datasets that a step and its contract name, and makes the step of the model. */
export function linkStep(draft: StepDraft, context: LinkContext): LinkedStep {
  const { book, directory, findings, dataType } = context
  refuseEntityOptions(draft, findings)
  const promise = draft.contract === null ? null : readContract({ draft, contract: draft.contract, parameters: dataType.parameters.map(({ name }) => name), book, directory, findings })
  const body = readBody(draft, context)
  const contract = promise?.contract ?? null
  const inputs = [...new Set([...parentOf(draft), ...body.references.map(({ dataset }) => dataset)])]
  const retry = draft.contract === null ? dataType.retry : readRetry(draft.contract.data.retry, dataType.retry, { document: draft.contract.document, findings })
  const { id, dataset, file } = draft
  const base = { dataset: id, dataType: dataType.name, zone: dataset.zone, name: dataset.name, file: file.path, inputs, contract, drift: driftOf(draft), retry }
  return {
    id,
    draft,
    contract,
    // What rows are taken out by has to be there before they are.
    reads: [...new Set([...inputs, ...siftRules(contract).flatMap(checkReads)])].filter((dataset) => dataset !== id || inputs.includes(id)),
    prefers: promise?.references.map((reference) => reference.dataset) ?? [],
    references: body.references,
    model: body.model === null ? null : { ...base, ...body.model },
    statement: body.isTypeable ? { id, dataset, sql: file.text, inputs, variables: declaredVariables(dataType.parameters), file: file.path, placeOf: (offset) => placeAt(file.text, offset) } : null,
    checkStatements: contract === null ? [] : checkStatements(draft, contract, declaredVariables(dataType.parameters)),
  }
}

/** A child reads what its source was delivered. */
function parentOf({ source, dataset }: StepDraft): DatasetId[] {
  return source?.childOf === undefined ? [] : [datasetId({ ...dataset, name: source.childOf })]
}

/** The contract of a source goes before its declaration. */
function driftOf({ contract, source }: StepDraft): DriftPolicy {
  return contract?.data.drift ?? source?.drift ?? 'warn'
}

type OwnFields<S> = S extends StepModel ? Omit<S, 'dataset' | 'dataType' | 'zone' | 'name' | 'file' | 'inputs' | 'contract' | 'drift' | 'retry'> : never

interface Body {
  model: OwnFields<StepModel> | null
  references: Reference[]
  isTypeable: boolean
}

function readBody(draft: StepDraft, { dataType, root, book, directory, findings }: LinkContext): Body {
  const { kind, file, source } = draft
  switch (kind) {
    case 'extract':
      return { model: source === null ? null : { kind, source }, references: [], isTypeable: false }
    case 'sql': {
      const place = { sql: file.text, dataType: dataType.name, parameters: dataType.parameters.map(({ name }) => name), file: file.path, placeOf: (offset: number) => placeAt(file.text, offset) }
      const analysis = book.of(file.text)
      const { references, ok } = readStatement(analysis, place, { directory, findings })
      const parameters = [...new Set(analysis.variables.map(({ name }) => name))]
      return { model: { kind, sql: file.text, fingerprint: analysis.fingerprint ?? sha256(file.text), parameters, volatile: analysis.volatile, entity: readEntityGrain(draft, dataType, findings) }, references, isTypeable: ok }
    }
    case 'entity': {
      const reading = readEntityOptions(draft, dataType, { directory, findings })
      if (reading === null) return { model: null, references: [], isTypeable: false }
      return { model: { kind, processorPath: join(root, file.path), ...reading.options }, references: [reading.reference], isTypeable: false }
    }
  }
}

function checkStatements({ contract: draft, dataset, id }: StepDraft, contract: DatasetContract, variables: SqlVariable[]): TypeableStatement[] {
  return contract.checks.flatMap((check): TypeableStatement[] => {
    if (check.kind !== 'sql' || draft === null) return []
    const index = (draft.data.checks ?? []).findIndex(({ name }) => name === check.rule)
    return [
      {
        id: `${id} check ${check.rule}`,
        dataset: { ...dataset, name: `${dataset.name} check ${index}` },
        sql: check.sql,
        inputs: check.inputs satisfies DatasetId[],
        variables,
        file: draft.document.file,
        placeOf: (offset) => draft.document.textPlace(['checks', index, 'sql'], offset),
      },
    ]
  })
}

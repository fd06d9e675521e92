import { type DatasetId, didYouMean } from '../../../shared/domain/naming.ts'
import type { AnalysisCache, AnalystPort } from './analyst-port.ts'
import { checkContractColumns } from './contract-columns.ts'
import type { FindingList } from './finding-list.ts'
import { checkEntityGrain } from './grain-findings.ts'
import { findCycles } from './step-graph.ts'
import type { LinkedStep } from './step-links.ts'
import { type DatasetColumns, typeCheck, type TypedColumn } from './type-check.ts'

export interface ColumnCheckOptions {
  knownColumns(dataset: DatasetId): TypedColumn[] | null
  analyst: AnalystPort
  cache: AnalysisCache
  findings: FindingList
}

/** Types the SELECTs of steps and checks as far as columns are known, and holds contracts and entity keys against what they give. Answers with the columns that are known. */
export async function checkColumns(steps: readonly LinkedStep[], { knownColumns, analyst, cache, findings }: ColumnCheckOptions): Promise<ReadonlyMap<DatasetId, DatasetColumns>> {
  const onCycle = new Set(findCycles(steps).flat())
  const usable = steps.filter(({ id }) => !onCycle.has(id))
  const statements = [...usable.flatMap(({ statement }) => statement ?? []), ...usable.flatMap(({ checkStatements }) => checkStatements)]
  const typed = await typeCheck({ statements, knownColumns, analyst, cache, findings })
  for (const step of usable) {
    const found = typed.get(step.id) ?? (step.draft.kind === 'sql' ? null : fromHistory(knownColumns(step.id)))
    if (found !== null && step.contract !== null && step.draft.contract !== null) checkContractColumns(step.draft.contract, step.contract, { found, findings })
    checkEntityKey(step, typed, findings)
  }
  await checkEntityGrain(usable, typed, { analyst, cache, findings })
  return typed
}

function fromHistory(columns: TypedColumn[] | null): DatasetColumns | null {
  return columns === null ? null : { columns, isFromHistory: true }
}

function checkEntityKey({ model, draft }: LinkedStep, typed: ReadonlyMap<DatasetId, DatasetColumns>, findings: FindingList): void {
  if (model?.kind !== 'entity' || draft.contract === null) return
  const names = typed.get(model.input)?.columns.map(({ name }) => name) ?? null
  if (names === null || names.some((name) => name.toLowerCase() === model.key.toLowerCase())) return
  findings.add({
    severity: 'warning',
    code: 'unknown-column',
    file: draft.contract.document.file,
    at: draft.contract.document.place(['entity', 'key']),
    message: `${model.input} has no column "${model.key}", the key of an entity`,
    suggestion: didYouMean(model.key, names),
  })
}

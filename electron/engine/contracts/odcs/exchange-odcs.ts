import type { Actor } from '../../../../shared/domain/actor.ts'
import type { VersionsReader } from '../../ledger/versions.store.ts'
import type { EngineParts } from '../../parts.ts'
import type { StepModel } from '../../workspace/model.ts'
import { addToContract } from '../suggest/add-to-contract.ts'
import { writeContract } from '../suggest/save-contract.ts'
import { contractFile, contractText, mustFindStep } from '../suggest/suggest-contract.ts'
import { readOdcs } from './read-odcs.ts'
import { type PromisedTable, writeOdcs } from './write-odcs.ts'

type Parts = Pick<EngineParts, 'workspace' | 'layout' | 'durable' | 'audit' | 'commands' | 'clock'> & { versions: VersionsReader }

/** Without a dataset: all that promise something. */
export function exportOdcs({ workspace, versions }: Parts, dataset: string | undefined): string {
  const { name, label, description, dataTypes } = workspace.current()
  const steps = dataset === undefined ? dataTypes.flatMap((dataType) => dataType.steps).filter(({ contract }) => contract !== null) : [mustFindStep(workspace, dataset)]
  const table = (step: StepModel): PromisedTable => {
    const version = versions.current(step.dataset)
    return { step, columns: version?.columns ?? [], version: version?.number ?? null }
  }
  const purpose = dataset === undefined ? description : (steps[0]?.contract?.description ?? null)
  return writeOdcs({ id: dataset ?? name, name: dataset ?? label, description: purpose, tables: steps.map(table) })
}

export interface OdcsImport {
  commandId: string
  dataset: string
  text: string
  dryRun: boolean
  actor: Actor
}

export async function importOdcs(parts: Parts, { commandId, dataset, text, dryRun, actor }: OdcsImport): Promise<{ file: string; before: string | null; yaml: string; leftOut: string[] }> {
  const step = mustFindStep(parts.workspace, dataset)
  const { additions, leftOut } = readOdcs(text, dataset)
  const file = contractFile(step)
  const before = await contractText(parts.layout.root, file)
  const yaml = addToContract(before, additions)
  if (!dryRun) await writeContract(parts, { commandId, dataset, actor, file, before, yaml, action: 'contract_import' })
  return { file, before, yaml, leftOut }
}

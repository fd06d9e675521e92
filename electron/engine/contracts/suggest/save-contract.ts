import path from 'node:path'
import { mkdir } from 'node:fs/promises'
import { z } from 'zod'
import type { Actor } from '../../../../shared/domain/actor.ts'
import type { ContractAddition } from '../../../../shared/domain/contract-addition.ts'
import type { EngineParts } from '../../parts.ts'
import { addToContract } from './add-to-contract.ts'
import { contractFile, contractText, mustFindStep } from './suggest-contract.ts'

type Parts = Pick<EngineParts, 'workspace' | 'layout' | 'durable' | 'audit' | 'commands' | 'clock'>

const answerSchema = z.object({ file: z.string(), before: z.string().nullable(), yaml: z.string() })
export type SavedContract = z.infer<typeof answerSchema>

interface SaveRequest {
  commandId: string
  dataset: string
  additions: readonly ContractAddition[]
  dryRun: boolean
  actor: Actor
}

/** Writes additions into the file of a dataset's contract, and reads the workspace again. A repeat of the command writes nothing. */
export async function saveContract(parts: Parts, { commandId, dataset, additions, dryRun, actor }: SaveRequest): Promise<SavedContract> {
  const { workspace, layout, commands } = parts
  const known = dryRun ? null : commands.answerTo(commandId, (answer) => answerSchema.parse(answer))
  if (known !== null) return known
  const step = mustFindStep(workspace, dataset)
  const file = contractFile(step)
  const before = await contractText(layout.root, file)
  const yaml = addToContract(before, additions)
  return dryRun ? { file, before, yaml } : writeContract(parts, { commandId, dataset, actor, file, before, yaml, action: 'contract' })
}

export interface ContractToWrite {
  commandId: string
  dataset: string
  actor: Actor
  file: string
  before: string | null
  yaml: string
  action: string
}

export async function writeContract({ workspace, layout, durable, audit, commands, clock }: Parts, { commandId, dataset, actor, file, before, yaml, action }: ContractToWrite): Promise<SavedContract> {
  const absolute = path.join(layout.root, file)
  await mkdir(path.dirname(absolute), { recursive: true })
  await durable.writeFile(absolute, yaml)
  const answer = commands.once({ id: commandId, at: clock() }, (value) => answerSchema.parse(value), () => {
    audit.append({ actor, action, target: dataset, details: { file }, before: { text: before }, after: { text: yaml } }, clock())
    return { file, before, yaml }
  })
  await workspace.reload()
  return answer
}

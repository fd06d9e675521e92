import { randomUUID } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import type { StepRow } from '../ledger/steps.store.ts'
import type { EngineParts } from '../parts.ts'
import { stagingFiles } from '../zones/layout.ts'
import { undoMoves } from '../zones/take-delivery.ts'
import { carryJournal } from './carry-journal.ts'

export type StagedRow = StepRow & { staging: string; versionNumber: number }

type Parts = Pick<EngineParts, 'ledger' | 'steps' | 'layout' | 'durable' | 'entities' | 'log'>

/**
 * Names the folder and the version in the ledger before the first byte is written, so that recovery knows whose they are. Every
 * attempt has a folder and a journal of its own: what an earlier one may still be writing can never mix in.
 */
export async function stage(parts: Parts, row: StepRow): Promise<StagedRow> {
  await requireWritable(parts)
  const staging = randomUUID()
  const journalBytes = await carryJournal(parts, row, staging)
  const staged = parts.ledger.write(() => takePlace(parts, row, { staging, journalBytes }))
  if (row.staging !== null) {
    for (const file of stagingFiles(parts.layout, row.staging)) await parts.durable.remove(file)
  }
  return staged
}

/** The same as part of the transaction in which a step begins. Null where an earlier attempt has left something. */
export function stageFresh(parts: Parts, row: StepRow): StagedRow | null {
  return row.staging === null && row.versionId === null ? takePlace(parts, row, { staging: randomUUID(), journalBytes: 0 }) : null
}

function takePlace({ steps, layout }: Parts, row: StepRow, { staging, journalBytes }: { staging: string; journalBytes: number }): StagedRow {
  let versionNumber = row.versionNumber ?? steps.takeVersionNumber(row.dataset)
  while (existsSync(layout.versionDir(row.dataset, versionNumber))) versionNumber = steps.takeVersionNumber(row.dataset)
  steps.patch(row.id, { staging, versionNumber, journalBytes })
  return { ...row, staging, versionNumber, journalBytes }
}

/** Making a folder on a read-only disk fails with a message that misleads. */
export async function requireWritable({ layout }: Pick<Parts, 'layout'>): Promise<void> {
  await access(layout.zonesDir, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** What a failed attempt wrote goes; what it took from the inbox goes back; the journal of an entity step stays. */
export async function clearStaging({ layout, durable }: Pick<Parts, 'layout' | 'durable'>, row: StepRow): Promise<void> {
  if (row.staging === null) return
  const dir = layout.tempVersionDir(row.dataset, row.staging)
  await undoMoves(durable, dir)
  await durable.remove(dir)
}

import type { TraceStage } from '../../../shared/contract/trace.contract.ts'
import { MASK } from '../../../shared/domain/mask.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { Looker, Masks } from '../masks/masks.ts'

/** @throws MASKED where a row is asked for by a value of a masked column: that there is one would tell the value */
export async function refuseMasked(masks: Masks, { version, where, by }: { version: VersionRow; where: Readonly<Record<string, unknown>>; by: Looker }): Promise<void> {
  const masked = new Set((await masks.masked(version, by)).map((name) => name.toLowerCase()))
  const column = Object.keys(where).find((name) => where[name] !== null && masked.has(name.toLowerCase()))
  if (column === undefined) return
  throw new ProblemError('MASKED', `Column "${column}" is masked, so no row is looked for by it`, { hint: 'Name the row by other columns, or reveal this one first', details: { column } })
}

/** Rows are followed by their values, and shown as everywhere. Lines of a file hold whole records, so there are none beside a mask. */
export async function maskedStage(masks: Masks, { stage, version, by }: { stage: TraceStage; version: VersionRow; by: Looker }): Promise<TraceStage> {
  const { columns, masked } = await masks.look(version, by)
  if (masked.length === 0) return { ...stage, columns }
  const hidden = new Set(columns.flatMap(({ isMasked }, index) => (isMasked === true ? [index] : [])))
  const rows: unknown[][] = JSON.parse(stage.rowsJson)
  const rowsJson = JSON.stringify(rows.map((row) => row.map((cell, index) => (cell !== null && hidden.has(index) ? MASK : cell))))
  return { ...stage, columns, rowsJson, records: stage.records.map((record) => ({ ...record, lines: [] })) }
}

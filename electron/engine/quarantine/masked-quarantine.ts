import type { QuarantineDetail, QuarantineFilter, QuarantineRecord } from '../../../shared/contract/quarantine.contract.ts'
import { MASK } from '../../../shared/domain/mask.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { Looker, Masks } from '../masks/masks.ts'

/**
 * What is not in the data shows values as the data would: those of masked columns as masks. The text of a whole record, in which they
 * stand unmarked, is left out.
 */

interface Parts {
  versions: VersionsReader
  masks: Masks
}

/** Masked columns of the datasets that have some, by dataset; lower case. */
export type HiddenColumns = ReadonlyMap<string, ReadonlySet<string>>

export async function hiddenColumns({ versions, masks }: Parts, datasets: Iterable<string>, by: Looker): Promise<HiddenColumns> {
  const hidden = new Map<string, Set<string>>()
  for (const dataset of new Set(datasets)) {
    const version = versions.latest(dataset)
    const names = version === null ? [] : await masks.masked(version, by)
    if (names.length > 0) hidden.set(dataset, new Set(names.map((name) => name.toLowerCase())))
  }
  return hidden
}

/** The same of all sensitive columns, whoever looks: what is written down for good holds none of their values. */
export async function sensitiveColumns({ versions, masks }: Parts, dataset: string): Promise<HiddenColumns> {
  const version = versions.latest(dataset)
  const { columns } = version === null ? { columns: [] } : await masks.sensitive(version)
  return columns.length === 0 ? new Map() : new Map([[dataset, new Set(columns.map((name) => name.toLowerCase()))]])
}

/** Its excerpt is all of the record, and a reason without a column may quote any of it. */
export const HIDDEN_TEXT = 'Left out: the record has masked values'

export function maskedRecord(record: QuarantineRecord, hidden: HiddenColumns): QuarantineRecord {
  const columns = hidden.get(record.dataset)
  if (columns === undefined) return record
  const isHidden = record.column === null || columns.has(record.column.toLowerCase())
  const decision = record.decision === null ? null : { ...record.decision, fields: maskedFields(record.decision.fields, columns) }
  return {
    ...record,
    value: isHidden && record.value !== null ? MASK : record.value,
    reason: isHidden ? reasonWithoutValue(record) : record.reason,
    excerpt: HIDDEN_TEXT,
    key: record.key === null ? null : Object.fromEntries(Object.entries(record.key).map(([name, value]) => [name, value !== null && columns.has(name.toLowerCase()) ? MASK : value])),
    decision,
  }
}

export function reasonWithoutValue({ column, rule }: { column: string | null; rule?: string | null }): string {
  if (rule !== undefined && rule !== null) return `It breaks ${rule}`
  return column === null ? 'It could not be read' : `The value of ${column} could not be read`
}

export function maskedDetail(detail: QuarantineDetail, hidden: HiddenColumns): QuarantineDetail {
  const columns = hidden.get(detail.record.dataset)
  if (columns === undefined) return detail
  const fields = detail.fields.map((field) => (field.value !== null && columns.has(field.column.toLowerCase()) ? { ...field, value: MASK } : field))
  return { ...detail, record: maskedRecord(detail.record, hidden), raw: null, fields, lines: [] }
}

/** @throws MASKED for a mask that somebody gives as the value of a masked column: it would take the place of what is behind it */
export function refuseMasks(fields: Readonly<Record<string, string | null>>, dataset: string, hidden: HiddenColumns): void {
  const columns = hidden.get(dataset)
  const column = Object.keys(fields).find((name) => fields[name] === MASK && columns?.has(name.toLowerCase()) === true)
  if (column === undefined) return
  throw new ProblemError('MASKED', `The correction gives "${column}" its mask as a value`, { hint: 'Leave the column out, give it a value, or reveal it first', details: { column } })
}

function maskedFields(fields: Record<string, string | null>, columns: ReadonlySet<string>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value !== null && columns.has(name.toLowerCase()) ? MASK : value]))
}

/** Datasets whose values a search may not look at: to find one is to know it. */
export async function unsearchedDatasets(parts: Parts, filter: QuarantineFilter, { datasets, by }: { datasets: Iterable<string>; by: Looker }): Promise<string[]> {
  if (filter.text === undefined || filter.text === '') return []
  return [...(await hiddenColumns(parts, filter.dataset === undefined ? datasets : [filter.dataset], by)).keys()]
}

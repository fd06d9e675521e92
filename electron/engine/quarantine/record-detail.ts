import path from 'node:path'
import type { QuarantineDetail, QuarantineRecord } from '../../../shared/contract/quarantine.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { FileRecord, RejectedRecord } from '../workers/sift.wire.ts'
import type { StepModel } from '../workspace/model.ts'
import { findDelivered } from './find-delivered.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'

export type QuarantineReaderParts = Pick<EngineParts, 'quarantine' | 'versions' | 'layout' | 'workers' | 'holds' | 'workspace'>

export function mustFindRecord({ quarantine }: Pick<EngineParts, 'quarantine'>, id: string): QuarantineRecord {
  const record = quarantine.find(id)
  if (record !== null) return record
  throw new ProblemError('NOT_FOUND', `The quarantine has no record ${id}, or more than one that begins so`, { hint: '"strata quarantine list" and the Quality screen list them', details: { id } })
}

/** A record whole: what it holds, and where it lies in its file. */
export async function recordDetail(parts: QuarantineReaderParts, id: string, signal: AbortSignal): Promise<QuarantineDetail> {
  const record = mustFindRecord(parts, id)
  const version = versionOf(parts, record)
  if (version === null) return { record, raw: record.excerpt, fields: [], isRead: record.rule !== null, lines: [] }
  const [whole] = await readRejected(parts, version, { ids: [record.id], signal })
  const raw = whole?.raw ?? record.excerpt
  const isRead = record.rule !== null || (whole?.fields ?? null) !== null
  const inFile = await findInFile(parts, version, { record, raw: isRead ? null : raw, signal })
  const values = whole?.fields ?? inFile.fields ?? {}
  const columns = correctableColumns(version)
  return {
    record,
    raw,
    fields: columns.map(({ name, type }) => ({ column: name, type, value: values[name] ?? null })),
    isRead: isRead || inFile.fields !== null,
    lines: inFile.lines,
  }
}

/** Columns of the data: file and record of a source are not its own to change. */
export function correctableColumns({ columns, layout }: VersionRow): VersionRow['columns'] {
  return columns.filter(({ isProvenance }) => layout === 'plain' || !isProvenance)
}

/** Values of records by their ids; of rows that are in no rejects any more there are none. */
export async function valuesOf(parts: QuarantineReaderParts, dataset: string, { ids, signal }: { ids: string[]; signal: AbortSignal }): Promise<Map<string, Record<string, string | null>>> {
  const version = listedVersion(parts, dataset)
  const records = version === null ? [] : await readRejected(parts, version, { ids, signal })
  return new Map(records.flatMap(({ id, fields }) => (fields === null ? [] : [[id, fields]])))
}

/** The version whose list the queue shows, or else the last that was made. */
export function listedVersion({ quarantine, versions }: Pick<EngineParts, 'quarantine' | 'versions'>, dataset: string): VersionRow | null {
  const id = quarantine.listOf(dataset)?.versionId ?? null
  return id === null ? versions.latest(dataset) : versions.byId(id)
}

export function stepOf({ workspace }: Pick<EngineParts, 'workspace'>, dataset: string): StepModel | undefined {
  return workspace.current().dataTypes.flatMap(({ steps }) => steps).find((step) => step.dataset === dataset)
}

const NOTHING: FileRecord = { lines: [], fields: null }

function versionOf(parts: QuarantineReaderParts, { dataset }: QuarantineRecord): VersionRow | null {
  const version = listedVersion(parts, dataset)
  return version === null || version.removedAt !== null ? null : version
}

async function readRejected({ layout, workers, holds }: QuarantineReaderParts, version: VersionRow, { ids, signal }: { ids: string[]; signal: AbortSignal }): Promise<RejectedRecord[]> {
  if (version.rejectsName === null || version.removedAt !== null) return []
  const file = path.join(layout.versionDir(version.dataset, version.number), version.rejectsName)
  const { records } = await holds.during([version], () => readWithRetry(workers, 'rejectedRecords', { input: { path: file, ids }, signal }))
  return records
}

interface InFile {
  record: QuarantineRecord
  raw: string | null
  signal: AbortSignal
}

async function findInFile(parts: QuarantineReaderParts, version: VersionRow, { record, raw, signal }: InFile): Promise<FileRecord> {
  const step = stepOf(parts, record.dataset)
  const place = record.file === null ? null : findDelivered(parts.versions.deliveries(version.id), record.file)
  if (step?.kind !== 'extract' || place === null) return NOTHING
  const { source } = step
  const file = path.join(parts.layout.versionDir(version.dataset, version.number), DELIVERED_DIR, place.fileName)
  const input = { path: file, member: place.member, source, record: record.record, line: record.line, raw, declared: Object.keys(source.columns) }
  return parts.holds.during([version], () => readWithRetry(parts.workers, 'recordInFile', { input, signal }))
}

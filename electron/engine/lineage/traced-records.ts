import path from 'node:path'
import type { TracedRecord } from '../../../shared/contract/trace.contract.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { findDelivered } from '../quarantine/find-delivered.ts'
import { stepOf } from '../quarantine/record-detail.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import type { TraceParts } from './trace-parts.ts'

/** Of the rows of a stage, those whose place in their file is looked up: each may mean reading the file. */
const MOST_RECORDS = 3

/** Where the first rows of a raw version lie in their files. */
export async function recordsOf(parts: TraceParts, version: VersionRow, { rows, signal }: { rows: readonly unknown[][]; signal: AbortSignal | undefined }): Promise<TracedRecord[]> {
  const step = stepOf(parts, version.dataset)
  const [file, record] = ['_file', '_record'].map((name) => version.columns.findIndex((column) => column.isProvenance && column.name === name))
  if (step?.kind !== 'extract' || file === undefined || record === undefined || file === -1 || record === -1) return []
  const deliveries = parts.versions.deliveries(version.id)
  const found: TracedRecord[] = []
  for (const [row, values] of rows.slice(0, MOST_RECORDS).entries()) {
    const [name, ordinal] = [String(values[file]), Number(values[record])]
    const place = findDelivered(deliveries, name)
    if (place === null || !Number.isInteger(ordinal)) continue
    const kept = path.join(parts.layout.versionDir(version.dataset, version.number), DELIVERED_DIR, place.fileName)
    const request = { path: kept, member: place.member, record: ordinal, source: step.source }
    const located = await readVersions(parts, [version], () => readWithRetry(parts.workers, 'locate', { input: request, signal }))
    const { lines } = await readVersions(parts, [version], () =>
      readWithRetry(parts.workers, 'recordInFile', { input: { ...request, line: located.line, raw: null, declared: [] }, signal }),
    )
    found.push({ row, file: name, record: ordinal, line: located.line, place: located.place ?? null, path: parts.layout.relative(kept), lines })
  }
  return found
}

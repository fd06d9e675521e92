import { z } from 'zod'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, isoTime, json, text } from './rows.ts'

/** What many versions are tied to, in one question for all of them. */
export interface VersionLinks {
  /** Of what is current. */
  currentFacts(): VersionFacts[]
  factsOf(versionIds: readonly number[]): VersionFacts[]
  /** How many rows the last published versions of each dataset had, oldest first. */
  rowHistories(limit: number): Map<string, number[]>
  /** What each was made from. */
  inputNames(versionIds: readonly number[]): { versionId: number; dataset: string; number: number }[]
  /** What each was read from; only what a list shows. */
  deliveredFiles(versionIds: readonly number[]): { dataset: string; fileName: string; sha256: string; sizeBytes: number; receivedAt: string }[]
}

const INPUT_NAMES = `
SELECT i.version_id, d.name AS dataset, v.number FROM version_inputs i JOIN versions v ON v.id = i.input_version_id JOIN datasets d ON d.id = v.dataset_id
WHERE i.version_id IN (SELECT value FROM json_each(:versionIds))`

const DELIVERED_FILES = `
SELECT s.name AS dataset, d.file_name, d.sha256, d.size_bytes, d.received_at FROM deliveries d JOIN versions v ON v.id = d.version_id JOIN datasets s ON s.id = v.dataset_id
WHERE d.version_id IN (SELECT value FROM json_each(:versionIds)) ORDER BY s.name, d.file_name`

/** What lists of versions show: without columns and parts, which are most of a version's row. */
export interface VersionFacts {
  id: number
  dataset: string
  number: number
  runNumber: number
  rowCount: number
  sizeBytes: number
  quarantined: number
  createdAt: number
  publishedAt: number | null
}

const SELECT_FACTS = `
SELECT v.id, d.name AS dataset, v.number, r.number AS run_number, v.row_count, v.size_bytes, v.quarantined, v.created_at, v.published_at
FROM versions v JOIN datasets d ON d.id = v.dataset_id JOIN runs r ON r.id = v.run_id`

const ROW_HISTORIES = `
SELECT d.name AS dataset, (
  SELECT json_group_array(row_count) FROM (SELECT v.row_count FROM versions v WHERE v.dataset_id = d.id AND v.published_at IS NOT NULL ORDER BY v.number DESC LIMIT :limit)
) AS counts FROM datasets d`

export function versionLinks(ledger: Ledger): VersionLinks {
  return {
    currentFacts: () => ledger.all(`${SELECT_FACTS} JOIN current_versions c ON c.version_id = v.id`).map(toFacts),
    factsOf: (versionIds) => ledger.all(`${SELECT_FACTS} WHERE v.id IN (SELECT value FROM json_each(:versionIds))`, { versionIds: JSON.stringify(versionIds) }).map(toFacts),
    rowHistories: (limit) => new Map(ledger.all(ROW_HISTORIES, { limit }).map((row) => [text(row, 'dataset'), z.array(z.int()).parse(json(row, 'counts')).reverse()])),
    inputNames: (versionIds) => ledger.all(INPUT_NAMES, { versionIds: JSON.stringify(versionIds) }).map((row) => ({ versionId: int(row, 'version_id'), dataset: text(row, 'dataset'), number: int(row, 'number') })),
    deliveredFiles: (versionIds) =>
      ledger
        .all(DELIVERED_FILES, { versionIds: JSON.stringify(versionIds) })
        .map((row) => ({ dataset: text(row, 'dataset'), fileName: text(row, 'file_name'), sha256: text(row, 'sha256'), sizeBytes: int(row, 'size_bytes'), receivedAt: isoTime(int(row, 'received_at')) })),
  }
}

function toFacts(row: Record<string, unknown>): VersionFacts {
  return {
    id: int(row, 'id'),
    dataset: text(row, 'dataset'),
    number: int(row, 'number'),
    runNumber: int(row, 'run_number'),
    rowCount: int(row, 'row_count'),
    sizeBytes: int(row, 'size_bytes'),
    quarantined: int(row, 'quarantined'),
    createdAt: int(row, 'created_at'),
    publishedAt: intOrNull(row, 'published_at'),
  }
}

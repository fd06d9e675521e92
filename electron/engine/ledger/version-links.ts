import type { Ledger } from './ledger.ts'
import { int, isoTime, text } from './rows.ts'

/** What many versions are tied to, in one question for all of them. */
export interface VersionLinks {
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

export function versionLinks(ledger: Ledger): VersionLinks {
  return {
    inputNames: (versionIds) => ledger.all(INPUT_NAMES, { versionIds: JSON.stringify(versionIds) }).map((row) => ({ versionId: int(row, 'version_id'), dataset: text(row, 'dataset'), number: int(row, 'number') })),
    deliveredFiles: (versionIds) =>
      ledger
        .all(DELIVERED_FILES, { versionIds: JSON.stringify(versionIds) })
        .map((row) => ({ dataset: text(row, 'dataset'), fileName: text(row, 'file_name'), sha256: text(row, 'sha256'), sizeBytes: int(row, 'size_bytes'), receivedAt: isoTime(int(row, 'received_at')) })),
  }
}

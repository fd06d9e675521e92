import type { DatasetAccount } from '../../../shared/contract/quarantine.contract.ts'
import type { Ledger } from './ledger.ts'
import { int, isoTime, text } from './rows.ts'

export interface AccountFilter {
  dataType?: string | undefined
  dataset?: string | undefined
  /** Versions of each dataset, at most. */
  versions: number
}

/** Of what was delivered the deliveries say what was seen; of what was made, nothing else does. The version whose quarantine is listed goes before newer ones: the last run may have come back to an earlier one. */
const ACCOUNTS = `
WITH wanted AS (
  SELECT v.*, d.name AS dataset, row_number() OVER (PARTITION BY v.dataset_id ORDER BY l.version_id IS v.id DESC, v.number DESC) AS place
  FROM versions v JOIN datasets d ON d.id = v.dataset_id JOIN data_types t ON t.id = d.data_type_id LEFT JOIN quarantine_lists l ON l.dataset_id = v.dataset_id
  WHERE (:dataType IS NULL OR t.name = :dataType) AND (:dataset IS NULL OR d.name = :dataset)
)
SELECT w.dataset, w.number AS version, r.number AS run_number, w.created_at, count(x.version_id) > 0 AS is_delivered,
  coalesce(sum(x.records), w.row_count + w.quarantined + w.skipped) AS records, coalesce(sum(x.loaded), w.row_count) AS loaded,
  coalesce(sum(x.quarantined), w.quarantined) AS quarantined, coalesce(sum(x.skipped), w.skipped) AS skipped
FROM wanted w JOIN runs r ON r.id = w.run_id LEFT JOIN deliveries x ON x.version_id = w.id
WHERE w.place <= :versions GROUP BY w.id ORDER BY w.dataset, w.number DESC`

/** What became of all records of each dataset, version by version, newest first. */
export function readAccounts(ledger: Ledger, { dataType, dataset, versions }: AccountFilter): DatasetAccount[] {
  const accounts = new Map<string, DatasetAccount>()
  for (const row of ledger.all(ACCOUNTS, { dataType: dataType ?? null, dataset: dataset ?? null, versions })) {
    const name = text(row, 'dataset')
    const account = accounts.get(name) ?? { dataset: name, isDelivered: int(row, 'is_delivered') !== 0, versions: [] }
    accounts.set(name, account)
    account.versions.push({
      version: int(row, 'version'),
      runNumber: int(row, 'run_number'),
      at: isoTime(int(row, 'created_at')),
      records: int(row, 'records'),
      loaded: int(row, 'loaded'),
      quarantined: int(row, 'quarantined'),
      skipped: int(row, 'skipped'),
    })
  }
  return [...accounts.values()]
}

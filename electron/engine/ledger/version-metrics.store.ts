import { z } from 'zod'
import { type ColumnChange, columnChangeSchema, driftText } from '../../../shared/domain/column-drift.ts'
import type { Ledger } from './ledger.ts'
import { int, json } from './rows.ts'

export interface Drift {
  changes: ColumnChange[]
  /** Number of the version that its columns were compared with. */
  against: number
}

export interface VersionMetricsReader {
  /** What was measured of versions, in the order they are asked for; by name. */
  of(versionIds: readonly number[]): Record<string, number>[]
  /** How the columns of a version differ from those of the published one before; null when nobody compared. */
  driftOf(versionId: number): Drift | null
  /** The same in words; null where nothing differs. */
  driftWords(versionId: number): string | null
}

export interface VersionMetricsStore extends VersionMetricsReader {
  /** Beside what was measured of it before. */
  save(versionId: number, metrics: Readonly<Record<string, number>>): void
  saveDrift(versionId: number, drift: { againstId: number; changes: readonly ColumnChange[] }): void
}

export function createVersionMetricsStore(ledger: Ledger): VersionMetricsStore {
  const driftOf = (versionId: number): Drift | null => {
    const row = ledger.get('SELECT d.changes, v.number FROM version_drift d JOIN versions v ON v.id = d.against_id WHERE d.version_id = :versionId', { versionId })
    return row === undefined ? null : { changes: z.array(columnChangeSchema).parse(json(row, 'changes')), against: int(row, 'number') }
  }
  return {
    of: (versionIds) =>
      versionIds.map((versionId) =>
        Object.fromEntries(ledger.all('SELECT metric, value FROM version_metrics WHERE version_id = :versionId', { versionId }).map((row) => [String(row['metric']), Number(row['value'])])),
      ),
    driftOf,
    driftWords(versionId) {
      const drift = driftOf(versionId)
      return drift === null || drift.changes.length === 0 ? null : driftText(drift.changes)
    },
    save: (versionId, metrics) =>
      ledger.write(() => {
        for (const [metric, value] of Object.entries(metrics)) {
          ledger.run('INSERT OR REPLACE INTO version_metrics (version_id, metric, value) VALUES (:versionId, :metric, :value)', { versionId, metric, value })
        }
      }),
    saveDrift: (versionId, { againstId, changes }) =>
      ledger.write(() => {
        ledger.run('INSERT OR IGNORE INTO version_drift (version_id, against_id, changes) VALUES (:versionId, :againstId, :changes)', { versionId, againstId, changes: JSON.stringify(changes) })
      }),
  }
}

import type { Ledger } from './ledger.ts'
import { json } from './rows.ts'

/** What parsing an SQL text found, by the text's SHA-256: an unchanged workspace needs no worker to be checked. */
export interface AnalysesStore {
  get(sha256: string): unknown
  /** By SHA-256, in one transaction. */
  setAll(analyses: ReadonlyMap<string, unknown>): void
}

export function createAnalysesStore(ledger: Ledger): AnalysesStore {
  return {
    get(sha256) {
      const row = ledger.get('SELECT result FROM sql_analyses WHERE sha256 = :sha256', { sha256 })
      return row === undefined ? null : json(row, 'result')
    },
    setAll(analyses) {
      // A reader beside a living engine asks again next time; nothing depends on this being kept.
      if (ledger.isReadonly || analyses.size === 0) return
      ledger.write(() => {
        for (const [sha256, analysis] of analyses) {
          ledger.run('INSERT OR REPLACE INTO sql_analyses (sha256, result) VALUES (:sha256, :result)', { sha256, result: JSON.stringify(analysis) })
        }
      })
    },
  }
}

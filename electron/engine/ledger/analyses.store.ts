import type { Ledger } from './ledger.ts'
import { json } from './rows.ts'

/** What parsing an SQL text found, by the text's SHA-256: an unchanged workspace needs no worker to be checked. */
export interface AnalysesStore {
  get(sha256: string): unknown
  set(sha256: string, analysis: unknown): void
}

export function createAnalysesStore(ledger: Ledger): AnalysesStore {
  return {
    get(sha256) {
      const row = ledger.get('SELECT result FROM sql_analyses WHERE sha256 = :sha256', { sha256 })
      return row === undefined ? null : json(row, 'result')
    },
    set(sha256, analysis) {
      // A reader beside a living engine asks again next time; nothing depends on this being kept.
      if (ledger.isReadonly) return
      ledger.write(() => ledger.run('INSERT OR REPLACE INTO sql_analyses (sha256, result) VALUES (:sha256, :result)', { sha256, result: JSON.stringify(analysis) }))
    },
  }
}

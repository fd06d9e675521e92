import type { Ledger } from './ledger.ts'
import { text } from './rows.ts'

/** A file that says what a step does. */
export interface StepCodeFile {
  /** Path in the workspace. */
  file: string
  sha256: string
}

export interface CodeReader {
  /** The files of each step of a run, by dataset. */
  ofRun(runId: number): Map<string, StepCodeFile[]>
  /** The files with which the run that made a version made it. */
  ofVersion(versionId: number): StepCodeFile[]
  text(sha256: string): string | null
}

export interface CodeStore extends CodeReader {
  /** Replaces what an earlier attempt recorded for these steps. */
  save(steps: readonly { stepId: number; files: readonly (StepCodeFile & { text: string })[] }[]): void
}

export function createCodeStore(ledger: Ledger): CodeStore {
  return {
    ofRun(runId) {
      const rows = ledger.all(
        'SELECT d.name AS dataset, c.file, c.sha256 FROM steps s JOIN datasets d ON d.id = s.dataset_id JOIN step_code c ON c.step_id = s.id WHERE s.run_id = :runId ORDER BY s.position, c.file',
        { runId },
      )
      const files = rows.map((row) => ({ dataset: text(row, 'dataset'), file: text(row, 'file'), sha256: text(row, 'sha256') }))
      const grouped = Map.groupBy(files, (file) => file.dataset)
      return new Map([...grouped].map(([dataset, ofStep]) => [dataset, ofStep.map(({ file, sha256 }) => ({ file, sha256 }))]))
    },
    ofVersion: (versionId) =>
      ledger
        .all('SELECT c.file, c.sha256 FROM versions v JOIN steps s ON s.run_id = v.run_id AND s.version_id = v.id JOIN step_code c ON c.step_id = s.id WHERE v.id = :versionId ORDER BY c.file', { versionId })
        .map((row) => ({ file: text(row, 'file'), sha256: text(row, 'sha256') })),
    text(sha256) {
      const row = ledger.get('SELECT text FROM code_texts WHERE sha256 = :sha256', { sha256 })
      return row === undefined ? null : text(row, 'text')
    },
    save: (steps) =>
      ledger.write(() => {
        for (const { stepId, files } of steps) {
          ledger.run('DELETE FROM step_code WHERE step_id = :stepId', { stepId })
          for (const { file, sha256, text: code } of files) {
            ledger.run('INSERT OR IGNORE INTO code_texts (sha256, text) VALUES (:sha256, :code)', { sha256, code })
            ledger.run('INSERT INTO step_code (step_id, file, sha256) VALUES (:stepId, :file, :sha256)', { stepId, file, sha256 })
          }
        }
      }),
  }
}

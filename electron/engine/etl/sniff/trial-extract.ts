import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExtractResult, VersionSource } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import type { SourceSpec } from '../../workspace/model.ts'
import { extract } from '../extract.ts'

export interface Trial {
  result: ExtractResult
  /** What a run would have published, for reading. */
  version: VersionSource
  /** Parquet of the rejected records; null: none. */
  rejectsPath: string | null
}

interface TrialInput {
  source: SourceSpec
  files: { path: string; name: string }[]
  outDir: string
}

/** Extracts as a run does, into a folder that nobody publishes: what a preview shows is what a run would do. */
export async function trialExtract({ source, files, outDir }: TrialInput, context: OpContext<never>, report: (share: number) => void): Promise<Trial> {
  await mkdir(outDir, { recursive: true })
  const quiet: OpContext<never> = { ...context, progress: ({ share }) => report(share ?? 0), log: () => undefined }
  const result = await extract({ source: { ...source, tolerate: null }, files, outDir, keepIn: null }, quiet)
  const rejected = new Map(result.files.map(({ fileName, quarantined }) => [fileName, quarantined]))
  const parts = result.parts.map(({ name, rowCount, file }) => ({ path: join(outDir, name), rowCount, file, rejected: file === null ? 0 : (rejected.get(file) ?? 0) }))
  const rejectsPath = result.rejectsName === null ? null : join(outDir, result.rejectsName)
  const version: VersionSource = { dataset: { dataType: 'ingest', zone: 'raw', name: 'trial' }, layout: result.layout, columns: result.columns, parts, rowCount: result.rowCount, rejectsPath }
  return { result, version, rejectsPath }
}

import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { IngestPreview } from '../../../../shared/contract/ingest.contract.ts'
import { rowJsonSql } from '../../query/cell-sql.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { readJson } from '../../query/read-json.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { findSourceFiles } from '../find-files.ts'
import { declaredSource } from './declared-source.ts'
import { takeSample } from './take-sample.ts'
import { trialExtract } from './trial-extract.ts'

const LOOKED_BYTES = 2 * 1024 * 1024
const MAX_RAW = 2_000

/** The first rows of a source as a run would load them by this declaration, and the records that it would reject. */
export async function previewSource({ root, paths, declaration, limit }: OpInput<'ingest', 'preview'>, context: OpContext<never>): Promise<OpOutput<'ingest', 'preview'>> {
  const { signal, init } = context
  const source = declaredSource(declaration)
  const files = await findSourceFiles({ root, patterns: paths, signal })
  const scratchDir = join(init.tempDir, `preview-${randomUUID()}`)
  const outDir = join(scratchDir, 'out')
  try {
    await mkdir(outDir, { recursive: true })
    const sample = await takeSample({ source, files, limitBytes: LOOKED_BYTES, scratchDir, spread: false, signal })
    const { version, rejectsPath, result } = await trialExtract({ source: sample.source, files: sample.files, outDir }, context, (share) => context.progress({ share, note: 'Reading' }))
    using duck = await openDuck(init)
    const rows = await readJson(duck, `SELECT ${rowJsonSql(version.columns)} AS r FROM (SELECT * FROM (${versionRelation(version)}) LIMIT ${limit})`, signal)
    const rejects = rejectsPath === null ? [] : await readRejects(duck, { path: rejectsPath, limit, signal })
    return { columns: version.columns, rowsJson: `[${rows.join(',')}]`, rowCount: rows.length, rejects, rejected: result.quarantined, skipped: result.files.reduce((sum, { skipped }) => sum + skipped, 0), isWhole: sample.isWhole && rows.length === version.rowCount }
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

async function readRejects(duck: Duck, { path, limit, signal }: { path: string; limit: number; signal: AbortSignal }): Promise<IngestPreview['rejects']> {
  const rows = await duck.rows(`SELECT _file, _record::VARCHAR AS record, line::VARCHAR AS line, column_name, reason, left(raw, ${MAX_RAW}) AS raw FROM ${parquetScan([path])} ORDER BY _file, _record LIMIT ${limit}`, signal)
  const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
  const number = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))
  return rows.map((row) => ({ file: text(row['_file']) ?? '', record: number(row['record']), line: number(row['line']), column: text(row['column_name']), reason: text(row['reason']) ?? '', raw: text(row['raw']) ?? '' }))
}

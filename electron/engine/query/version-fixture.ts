import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatasetName, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { SeenSource, VersionSource, WorkerInit } from '../workers/wire.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { seenColumns } from './seen-columns.ts'

/** Real versions in a temporary folder, for tests of what reads them. */
export interface VersionFixture {
  readonly dir: string
  readonly duck: Duck
  readonly init: WorkerInit
  readonly context: OpContext<never>
  /** A plain version of one part for each SELECT. */
  plain(dataset: DatasetName, ...selects: string[]): Promise<SeenSource>
  /** A raw version of one part for each file, where a record whose `ok` is false was rejected. `select` has a column `ok`. */
  perFile(dataset: DatasetName, files: Record<string, string>): Promise<SeenSource>
  /** The same rows as `perFile`, with `_file` and `_record` stored in one part. */
  stored(dataset: DatasetName, files: Record<string, string>): Promise<SeenSource>
  [Symbol.asyncDispose](): Promise<void>
}

export async function createVersionFixture(): Promise<VersionFixture> {
  const dir = await mkdtemp(join(tmpdir(), 'strata-version-'))
  const init: WorkerInit = { memoryMb: 256, threads: 2, tempDir: dir }
  const duck = await openDuck(init)
  let parts = 0
  const write = async (select: string): Promise<{ path: string; rowCount: number }> => {
    const path = join(dir, `part-${parts++}.parquet`)
    const [row] = await duck.rows(`COPY (${select}) TO ${quoteLiteral(path)} (FORMAT parquet)`)
    return { path, rowCount: Number(row?.['Count']) }
  }
  const version = async (dataset: DatasetName, layout: VersionSource['layout'], written: VersionSource['parts']): Promise<SeenSource> => {
    const paths = written.map((part) => quoteLiteral(part.path)).join(', ')
    const columns = await duck.describe(`SELECT *${layout === 'per_file' ? ", '' AS _file, 0::BIGINT AS _record" : ''} FROM read_parquet([${paths}], union_by_name = true)`)
    return { dataset, layout, columns: seenColumns(columns, []), parts: written, rowCount: written.reduce((sum, part) => sum + part.rowCount, 0), rejectsPath: null }
  }
  const numbered = (select: string): string => `(SELECT *, row_number() OVER () AS _record FROM (${select}))`

  return {
    dir,
    duck,
    init,
    context: { init, signal: new AbortController().signal, progress: () => {}, ask: () => Promise.resolve(), log: () => {} },
    async plain(dataset, ...selects) {
      const written = await Promise.all(selects.map(async (select) => ({ ...(await write(select)), file: null })))
      return version(dataset, 'plain', written)
    },
    async perFile(dataset, files) {
      const written: VersionSource['parts'] = []
      for (const [file, select] of Object.entries(files)) {
        const part = await write(`SELECT * EXCLUDE (ok, _record) FROM ${numbered(select)} WHERE ok ORDER BY _record`)
        written.push({ ...part, file })
      }
      const rejects = Object.entries(files).map(
        ([file, select]) => `SELECT ${quoteLiteral(file)} AS _file, _record, 'a' AS column_name, 1 AS line, 'bad' AS reason, 'x' AS raw FROM ${numbered(select)} WHERE NOT ok`,
      )
      const { path, rowCount } = await write(rejects.join(' UNION ALL '))
      return { ...(await version(dataset, 'per_file', written)), rejectsPath: rowCount === 0 ? null : path }
    },
    async stored(dataset, files) {
      const rows = Object.entries(files).map(
        ([file, select], i) => `SELECT * EXCLUDE (ok), ${quoteLiteral(file)} AS _file, ${i} AS part FROM ${numbered(select)} WHERE ok`,
      )
      const part = await write(`SELECT * EXCLUDE (part, _record), _record FROM (${rows.join(' UNION ALL ')}) ORDER BY part, _record`)
      return version(dataset, 'stored', [{ ...part, file: null }])
    },
    async [Symbol.asyncDispose]() {
      duck[Symbol.dispose]()
      await rm(dir, { recursive: true })
    },
  }
}

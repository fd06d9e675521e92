import { profileTable } from '../contracts/suggest/profile-table.ts'
import type { OpContext, OpHandlers } from '../workers/worker-server.ts'
import type { OpInput, OpOutput, WorkerInit } from '../workers/wire.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { createEntityOps } from './entity-ops.ts'
import { entityRows } from './entity-rows.ts'
import { filterWhere } from './filter-where.ts'
import { createLookOps } from './look-ops.ts'
import { createPlacedRows, type PlacedRows } from './placed-rows.ts'
import { readPage } from './read-page.ts'
import { createVersionDiffs, type VersionDiffs } from './version-diffs.ts'
import { replayRows } from './replay-rows.ts'
import { readRejectedRecords } from './rejected-records.ts'
import { parquetScan, versionRelation } from './version-relation.ts'

/**
 * The reader's operations over one DuckDB instance, opened at the first call. Every call has a connection of its own, so that
 * a slow sort does not hold up a page and a cancel reaches only its own query. `locate` needs no DuckDB and is given.
 */
export function createReader(locate: OpHandlers<'reader'>['locate']): Omit<OpHandlers<'reader'>, 'recordInFile'> {
  let root: Promise<Duck> | null = null
  const rootOf = (init: WorkerInit): Promise<Duck> => {
    root ??= openRoot(init)
    return root
  }
  const connect = async (init: WorkerInit): Promise<Duck> => (await rootOf(init)).another()
  let placedRows: PlacedRows | null = null
  const placedRowsOf = ({ init, log }: Pick<OpContext<never>, 'init' | 'log'>): PlacedRows => {
    placedRows ??= createPlacedRows({ open: () => connect(init), log: (text) => log('warn', text) })
    return placedRows
  }
  let diffs: VersionDiffs | null = null
  const diffsOf = (init: WorkerInit): VersionDiffs => {
    diffs ??= createVersionDiffs(() => connect(init))
    return diffs
  }

  return {
    async page(input, context) {
      using duck = await connect(context.init)
      return await readPage(duck, input, { placedRows: placedRowsOf(context), signal: context.signal })
    },
    async count(input, { init, signal }) {
      if (input.filter.length === 0) return { count: input.source.rowCount }
      using duck = await connect(init)
      return await countRows(duck, input, signal)
    },
    ...createLookOps({ connect, placedRowsOf }),
    ...createEntityOps(connect),
    async profile(input, { init, signal }) {
      using duck = await connect(init)
      return await profileTable(duck, input, signal)
    },
    entityRows: (input, { init, log, signal }) => entityRows(input, { connect: () => connect(init), copies: placedRowsOf({ init, log }), signal }),
    replayRows: (input, { init, signal }) => replayRows(input, { init, signal }),
    async rejects(input, { init, signal }) {
      using duck = await connect(init)
      return await readRejects(duck, input, signal)
    },
    async rejectedRecords(input, { init, signal }) {
      using duck = await connect(init)
      return await readRejectedRecords(duck, input, signal)
    },
    diff: (spec, { init, signal }) => diffsOf(init).counts(spec, signal),
    async diffPage({ kind, offset, limit, ...spec }, { init, signal }) {
      const rows = await diffsOf(init).page(spec, { kind, offset, limit }, signal)
      return { rowsJson: `[${rows.join(',')}]`, rowCount: rows.length }
    },
    locate,
  }
}

async function openRoot(init: WorkerInit): Promise<Duck> {
  const duck = await openDuck(init)
  // Parts never change, so their footers need reading once.
  await duck.run('SET parquet_metadata_cache = true')
  return duck
}

async function countRows(duck: Duck, { source, filter }: OpInput<'reader', 'count'>, signal: AbortSignal): Promise<OpOutput<'reader', 'count'>> {
  const where = await filterWhere(duck, filter, { columns: source.columns, signal })
  const [row] = await duck.rows(`SELECT count(*) AS n FROM (${versionRelation(source)}) WHERE ${where}`, signal)
  return { count: Number(row?.['n']) }
}

async function readRejects(duck: Duck, { path, offset, limit }: { path: string; offset: number; limit: number }, signal: AbortSignal): Promise<OpOutput<'reader', 'rejects'>> {
  const relation = parquetScan([path])
  const [counted] = await duck.rows(`SELECT count(*) AS n FROM ${relation}`, signal)
  const rows = await duck.rows(`SELECT _file, _record, column_name, reason, raw FROM ${relation} LIMIT ${limit} OFFSET ${offset}`, signal)
  const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
  const records = rows.map((row) => ({
    file: text(row['_file']) ?? '',
    record: row['_record'] === null ? null : Number(row['_record']),
    column: text(row['column_name']),
    reason: text(row['reason']) ?? '',
    raw: text(row['raw']) ?? '',
  }))
  return { total: Number(counted?.['n']), records }
}

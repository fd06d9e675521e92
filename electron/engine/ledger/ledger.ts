import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { EngineEvent } from '../../../shared/contract/runs.contract.ts'
import { MIGRATIONS } from './migrations.ts'

type Value = string | number | bigint | null
type Row = Record<string, unknown>
export type Bindings = Readonly<Record<string, Value>>

/**
 * The SQLite file that knows what happened. All writing goes through `write`, one transaction each; events appended inside it
 * reach their listeners only after the commit, so nobody ever sees what was rolled back.
 */
export interface Ledger {
  /** Another Strata writes; this one only reads. */
  readonly isReadonly: boolean
  all(sql: string, bindings?: Bindings): Row[]
  get(sql: string, bindings?: Bindings): Row | undefined
  /** Rows changed and the last row id. */
  run(sql: string, bindings?: Bindings): { changes: number; lastId: number }
  /** One transaction; nested calls join the outer one. */
  write<T>(work: () => T): T
  /** Called inside `write`; delivered after the commit. */
  queueEvent(event: EngineEvent): void
  onEvents(listener: (events: EngineEvent[]) => void): void
  /** Another text as soon as anything was written, by this program or by another one: what was read under the same text is still so. */
  mark(): string
  integrity(): string[]
  close(): void
}

export interface LedgerOptions {
  readonly?: boolean
  /** What texts that people read (problems, notes, summaries) pass before they are written. */
  redact?: (text: string) => string
}

/** Opens or makes the ledger; migrates it after a backup; refuses one from a newer Strata. */
export async function openLedger(path: string, options: LedgerOptions = {}): Promise<Ledger> {
  const existed = existsSync(path)
  const db = openDatabase(path, options.readonly === true)
  try {
    if (options.readonly !== true) await migrate(db, path, existed)
    return makeLedger(db, options)
  } catch (error) {
    db.close()
    throw error
  }
}

function openDatabase(path: string, readonly: boolean): Database.Database {
  try {
    const db = new Database(path, { readonly, timeout: 5_000 })
    if (!readonly) {
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = FULL')
      db.pragma('fullfsync = 1')
    }
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    return db
  } catch (error) {
    const hint = 'Run "strata doctor" in the workspace. Published data stays readable: the Parquet files in zones/ do not depend on the ledger'
    throw new ProblemError('INTERNAL', `The ledger ${path} cannot be opened: ${String(error)}`, { cause: error, hint })
  }
}

async function migrate(db: Database.Database, path: string, existed: boolean): Promise<void> {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > MIGRATIONS.length) {
    throw new ProblemError('CONFLICT', `This workspace was last opened by a newer Strata (ledger version ${version}, this one knows ${MIGRATIONS.length})`, {
      hint: 'Update Strata; nothing was changed',
    })
  }
  if (version === MIGRATIONS.length) return
  if (existed && version > 0) await db.backup(`${path}.before-v${MIGRATIONS.length}`)
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${index + 1}`)
    })()
  }
}

/** Bindings that carry words of other programs: a server's answer may quote what it was sent. */
const FREE_TEXTS = ['problem', 'note', 'summary', 'text', 'retry']

function redacted(bindings: Bindings, redact: (text: string) => string): Bindings {
  const texts = FREE_TEXTS.flatMap((key) => (typeof bindings[key] === 'string' ? [[key, redact(bindings[key])] as const] : []))
  return texts.length === 0 ? bindings : { ...bindings, ...Object.fromEntries(texts) }
}

function makeLedger(db: Database.Database, { readonly: isReadonly = false, redact }: LedgerOptions): Ledger {
  const statements = new Map<string, Database.Statement>()
  const listeners: ((events: EngineEvent[]) => void)[] = []
  let queued: EngineEvent[] = []
  let isWriting = false
  const ownChanges = db.prepare('SELECT total_changes()').pluck()
  const otherChanges = db.prepare('PRAGMA data_version').pluck()

  const prepare = (sql: string): Database.Statement => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const write = <T>(work: () => T): T => {
    if (isWriting) return work()
    if (isReadonly) throw readOnlyProblem()
    isWriting = true
    let result: T
    try {
      result = db.transaction(work).immediate()
    } catch (error) {
      queued = []
      throw error
    } finally {
      isWriting = false
    }
    deliver()
    return result
  }
  const deliver = (): void => {
    const events = queued
    queued = []
    if (events.length > 0) for (const listener of listeners) listener(events)
  }
  return {
    isReadonly,
    all: (sql, bindings = {}) => prepare(sql).all(bindings) as Row[],
    get: (sql, bindings = {}) => prepare(sql).get(bindings) as Row | undefined,
    run(sql, bindings = {}) {
      const { changes, lastInsertRowid } = prepare(sql).run(redact === undefined ? bindings : redacted(bindings, redact))
      return { changes, lastId: Number(lastInsertRowid) }
    },
    write,
    queueEvent: (event) => void queued.push(event),
    onEvents: (listener) => void listeners.push(listener),
    mark: () => `${String(ownChanges.get())} ${String(otherChanges.get())}`,
    integrity: () => (db.pragma('integrity_check') as { integrity_check: string }[]).map((row) => row.integrity_check).filter((line) => line !== 'ok'),
    close: () => void db.close(),
  }
}

function readOnlyProblem(): ProblemError {
  return new ProblemError('WORKSPACE_LOCKED', 'The workspace is open in another Strata; here it can only be read', { hint: 'Do it in the window that is open, or close it first' })
}

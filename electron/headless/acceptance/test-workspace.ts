import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { TableQuery } from '../../../shared/domain/table-query.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { parseRows } from '../rows-json.ts'

export type TableRow = Record<string, unknown>

/** A workspace in a temporary folder with the real engine over it, and the few verbs that the suites need. */
export interface TestWorkspace extends AsyncDisposable {
  readonly dir: string
  readonly client: StrataClient
  /** Runs a data type to its end, or to a gate. */
  run(dataType: string): Promise<RunDetail>
  /** Every row of the current version, as objects; BIGINT and DECIMAL are text, as a page has them. */
  rows(dataset: string): Promise<TableRow[]>
  /** Exports the current version and answers with the path of the file; CSV or Parquet by its ending. */
  exportTo(dataset: string, fileName: string, query?: TableQuery): Promise<string>
  /** Closes the engine, keeps the files. */
  closeEngine(): Promise<void>
}

interface TestFiles {
  /** Folder to begin with. */
  copyOf?: string
  /** Path in the workspace to text. */
  files?: Record<string, string>
  /** Of the host. */
  env?: NodeJS.ProcessEnv
}

export async function openTestWorkspace({ copyOf, files = {}, env = process.env }: TestFiles): Promise<TestWorkspace> {
  const dir = await mkdtemp(join(tmpdir(), 'strata-acceptance-'))
  if (copyOf !== undefined) await cp(copyOf, dir, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  const appFiles = findAppFiles(import.meta.url)
  const complaints: string[] = []
  let isOpen = true
  const engine = await openEngine({
    workspaceDir: dir,
    host: 'cli',
    files: appFiles,
    env,
    log: (level, text) => void (level === 'error' && complaints.push(text)),
    resumeInterrupted: false,
  })
  const client = createInProcessClient(engine)
  const closeEngine = async (): Promise<void> => {
    if (isOpen) await engine.close()
    isOpen = false
  }
  return {
    dir,
    client,
    run: (dataType) => runToEnd(client, dataType),
    rows: (dataset) => allRows(client, dataset),
    exportTo: (dataset, fileName, query = { sort: [], filter: [] }) => exportToEnd(client, dataset, { path: join(dir, 'exports', fileName), query }),
    closeEngine,
    async [Symbol.asyncDispose]() {
      await closeEngine()
      await rm(dir, { recursive: true, force: true })
      if (complaints.length > 0) throw new Error(`The engine logged errors:\n${complaints.join('\n')}`)
    },
  }
}

async function runToEnd(client: StrataClient, dataType: string): Promise<RunDetail> {
  const run = await client.runs.start({ commandId: randomUUID(), dataType, trigger: 'cli' })
  for (;;) {
    const detail = await client.runs.get({ run })
    if (FINISHED_RUN_STATES.has(detail.run.state) || detail.run.state === 'waiting') return detail
    for await (const _ of await client.runs.events({ afterSeq: detail.seq })) break
  }
}

async function allRows(client: StrataClient, dataset: string): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for (;;) {
    const page = await client.datasets.page({ dataset, offset: rows.length, limit: 5_000 })
    const names = page.columns.map((column) => column.name)
    const cells = parseRows(page.rowsJson)
    rows.push(...cells.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))))
    if (rows.length >= page.totalRows || cells.length === 0) return rows
  }
}

async function exportToEnd(client: StrataClient, dataset: string, { path, query }: { path: string; query: TableQuery }): Promise<string> {
  const format = path.endsWith('.parquet') ? 'parquet' : 'csv'
  let state = await client.exports.start({ commandId: randomUUID(), dataset, format, path, query })
  while (state.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20))
    state = await client.exports.get({ id: state.id })
  }
  if (state.state !== 'succeeded') throw new Error(`Export of ${dataset} ${state.state}: ${state.problem?.message ?? ''}`)
  return state.path
}

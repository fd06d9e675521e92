import { mkdir, rm } from 'node:fs/promises'
import { z } from 'zod'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { openDuck } from '../../query/duckdb.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { openDelivered } from '../connectors/sqlite/delivered-database.ts'
import { openWorkbook } from '../connectors/xlsx/workbook.ts'
import type { AlikeFiles } from './sniff-source.ts'

/** Formats of which one file holds several tables: the key that names one, and how they are listed. */
const PARTS: Readonly<Record<string, { key: 'sheet' | 'table'; word: string; list: (file: Listed) => Promise<string[]> }>> = {
  xlsx: { key: 'sheet', word: 'visible sheets', list: visibleSheets },
  sqlite: { key: 'table', word: 'tables', list: sqliteTables },
  duckdb: { key: 'table', word: 'tables', list: duckdbTables },
}

interface Listed {
  path: string
  name: string
  scratchDir: string
  context: OpContext<never>
}

/** A file of several sheets or tables is as many sources; one that cannot be opened stays whole, and reading it says why. */
export async function expandParts(group: AlikeFiles, scratchDir: string, context: OpContext<never>): Promise<AlikeFiles[]> {
  const [file] = group.files
  const parts = PARTS[group.draft.format]
  if (parts === undefined || group.draft.cannot !== null || file === undefined) return [group]
  const names = await listed(parts.list, { path: file.path, name: file.name, scratchDir, context })
  if (names.length < 2) return [group]
  return names.map((name, index) => ({
    ...group,
    part: name,
    draft: { ...group.draft, declaration: { ...group.draft.declaration, [parts.key]: name }, found: [...group.draft.found, { about: parts.key, value: name, evidence: `number ${index + 1} of ${names.length} ${parts.word}`, confidence: 1 }] },
  }))
}

async function listed(list: (file: Listed) => Promise<string[]>, file: Listed): Promise<string[]> {
  await mkdir(file.scratchDir, { recursive: true })
  try {
    return await list(file)
  } catch (error) {
    file.context.signal.throwIfAborted()
    const { code } = toProblem(error)
    if (code !== 'SOURCE_UNREADABLE' && code !== 'SQL_FAILED') throw error
    return []
  } finally {
    await rm(file.scratchDir, { recursive: true, force: true })
  }
}

async function visibleSheets({ path, name, context }: Listed): Promise<string[]> {
  using workbook = await openWorkbook(path, name, context.signal)
  return workbook.sheets.filter(({ isHidden }) => !isHidden).map((sheet) => sheet.name)
}

async function sqliteTables({ path, name, scratchDir }: Listed): Promise<string[]> {
  const database = await openDelivered({ path, origin: path, file: name, scratchDir })
  try {
    const rows = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`).all()
    return z.array(z.object({ name: z.string() })).parse(rows).map((row) => row.name)
  } finally {
    database.close()
  }
}

async function duckdbTables({ path, context }: Listed): Promise<string[]> {
  using duck = await openDuck(context.init)
  await duck.run(`ATTACH ${quoteLiteral(path)} AS delivered (READ_ONLY, TYPE duckdb)`, context.signal)
  const rows = await duck.rows(`SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'delivered' AND NOT internal ORDER BY schema_name, table_name`, context.signal)
  return rows.map((row) => (row['schema_name'] === 'main' ? String(row['table_name']) : `${String(row['schema_name'])}.${String(row['table_name'])}`))
}

import { mkdir, rm } from 'node:fs/promises'
import { z } from 'zod'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { openDuck } from '../../query/duckdb.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { openDelivered } from '../connectors/sqlite/delivered-database.ts'
import { openWorkbook } from '../connectors/xlsx/workbook.ts'
import { lookAtSheet, type SheetLook } from './sheet-look.ts'
import type { AlikeFiles } from './sniff-source.ts'

interface Part {
  name: string
  /** What its beginning says. */
  look?: SheetLook
}

/** Formats of which one file holds several tables: the key that names one, and how they are listed. */
const PARTS: Readonly<Record<string, { key: 'sheet' | 'table'; word: string; list: (file: Listed) => Promise<Part[]> }>> = {
  xlsx: { key: 'sheet', word: 'visible sheets', list: visibleSheets },
  sqlite: { key: 'table', word: 'tables', list: sqliteTables },
  duckdb: { key: 'table', word: 'tables', list: duckdbTables },
}

/** Sheets whose rows are looked at; of more, the others are read as they are. */
const LOOKED_SHEETS = 50

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
  const { key, word, list } = parts
  const listed = await listParts(list, { path: file.path, name: file.name, scratchDir, context })
  const names = listed.map(({ name }) => name)
  if (listed.length < 2) return [withPart(group, { key, names }, listed[0])]
  return listed.map((part, index) => {
    const found = { about: key, value: part.name, evidence: `number ${index + 1} of ${names.length} ${word}`, confidence: 1 }
    const draft = { ...group.draft, declaration: { ...group.draft.declaration, [key]: part.name }, found: [...group.draft.found, found] }
    return withPart({ ...group, part: part.name, draft }, { key, names }, part)
  })
}

function withPart(group: AlikeFiles, parts: NonNullable<AlikeFiles['draft']['parts']>, part: Part | undefined): AlikeFiles {
  const { draft } = group
  const { declaration = {}, found = [], doubts = [] } = part?.look ?? {}
  return { ...group, draft: { ...draft, parts, declaration: { ...draft.declaration, ...declaration }, found: [...draft.found, ...found], doubts: [...draft.doubts, ...doubts] } }
}

async function listParts(list: (file: Listed) => Promise<Part[]>, file: Listed): Promise<Part[]> {
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

async function visibleSheets({ path, name, context: { signal } }: Listed): Promise<Part[]> {
  using workbook = await openWorkbook(path, name, signal)
  const sheets = workbook.sheets.filter(({ isHidden }) => !isHidden)
  const parts: Part[] = []
  for (const [index, sheet] of sheets.entries()) parts.push(index < LOOKED_SHEETS ? { name: sheet.name, look: await lookAtSheet(workbook, sheet, signal) } : { name: sheet.name })
  return parts
}

async function sqliteTables({ path, name, scratchDir }: Listed): Promise<Part[]> {
  const database = await openDelivered({ path, origin: path, file: name, scratchDir })
  try {
    const rows = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`).all()
    return z.array(z.object({ name: z.string() })).parse(rows)
  } finally {
    database.close()
  }
}

async function duckdbTables({ path, context }: Listed): Promise<Part[]> {
  using duck = await openDuck(context.init)
  await duck.run(`ATTACH ${quoteLiteral(path)} AS delivered (READ_ONLY, TYPE duckdb)`, context.signal)
  const rows = await duck.rows(`SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'delivered' AND NOT internal ORDER BY schema_name, table_name`, context.signal)
  return rows.map((row) => ({ name: row['schema_name'] === 'main' ? String(row['table_name']) : `${String(row['schema_name'])}.${String(row['table_name'])}` }))
}

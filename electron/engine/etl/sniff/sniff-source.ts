import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColumnGuess, Declaration, Doubt, SourceGuess } from '../../../../shared/contract/ingest.contract.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { openDuck } from '../../query/duckdb.ts'
import { locateRecord } from '../../query/locate-record.ts'
import { versionRelation } from '../../query/version-relation.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { guessColumn, type GuessedColumn } from './column-guess.ts'
import { suitedTo, withFound } from './declare-columns.ts'
import { declaredSource } from './declared-source.ts'
import { nestedIn } from './nested-in.ts'
import { dropNullWords } from './null-words.ts'
import type { FileGlimpse } from './file-glimpse.ts'
import { profileColumns } from './profile-columns.ts'
import type { SourceDraft } from './source-draft.ts'
import { datasetNameOf, nameFrom } from './suggest-names.ts'
import { takeSample, type Sample } from './take-sample.ts'
import { trialExtract, type Trial } from './trial-extract.ts'

export interface AlikeFiles {
  draft: SourceDraft
  files: FileGlimpse[]
  /** Which part of the file is meant, such as a sheet; null: all of it. */
  part: string | null
}

interface Sniffing {
  group: AlikeFiles
  /** Taken as said, instead of what the beginning of the first file says. */
  declared: Declaration | null
  scratchDir: string
  context: OpContext<never>
  report(share: number): void
}

/** Up to here a source is looked at whole. */
const WHOLE_BYTES = 64 * 1024 * 1024
const READ_SHARE = 0.4

/** Everything that can be told about files that belong together, with what it is told from. */
export async function sniffSource(sniffing: Sniffing): Promise<SourceGuess> {
  const { group, declared, scratchDir } = sniffing
  const { draft, files } = group
  const base = baseOf(group, declared)
  if (draft.cannot !== null && declared === null) return { ...base, cannot: draft.cannot }
  const declaration = declared ?? draft.declaration
  try {
    return await lookInside(sniffing, base, declaration)
  } catch (error) {
    sniffing.context.signal.throwIfAborted()
    const problem = toProblem(error)
    if (problem.code !== 'SOURCE_UNREADABLE' && problem.code !== 'SQL_FAILED') throw error
    return { ...base, declaration, cannot: `${problem.message}${problem.hint === null ? '' : `. ${problem.hint}`}`, lookedAt: files.length === 1 ? 'the whole file' : `${files.length} files` }
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

/** A member of an archive has a name of its own; a sheet or table says little without its file's. */
function nameOf(paths: readonly string[], part: string | null, isMember: boolean): string {
  if (part === null) return datasetNameOf(paths)
  return isMember ? datasetNameOf([part]) : nameFrom(`${datasetNameOf(paths)} ${part}`)
}

function baseOf({ draft, files, part }: AlikeFiles, declared: Declaration | null): SourceGuess {
  const format = declared?.['format']
  return {
    name: nameOf(files.map(({ path }) => path), part, draft.declaration['member'] !== undefined),
    files: files.map(({ path }) => path),
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    format: typeof format === 'string' ? format : draft.format,
    cannot: null,
    declaration: draft.declaration,
    found: draft.found,
    doubts: draft.doubts,
    columns: [],
    rows: null,
    quarantined: 0,
    lookedAt: 'the beginning',
    isWhole: false,
    recordPaths: draft.recordPaths,
    parts: draft.parts ?? null,
    nested: null,
    head: draft.head ?? [],
  }
}

async function lookInside(sniffing: Sniffing, base: SourceGuess, declaration: Declaration): Promise<SourceGuess> {
  const { group, context, report } = sniffing
  const { declaration: settled, sample, trial } = await readSettled(sniffing, declaration)
  const { profiles, nested } = await (async () => {
    using duck = await openDuck(context.init)
    // Once into a table, since a version of many files is costly to open for every question anew.
    await duck.run(`CREATE TABLE trial AS ${versionRelation(trial.version)}`, context.signal)
    const profiles = await profileColumns(duck, {
      relation: 'SELECT * FROM trial',
      columns: trial.version.columns,
      originals: originalNames(group, settled),
      rowCount: trial.version.rowCount,
      signal: context.signal,
      report: (share) => report(READ_SHARE + (1 - READ_SHARE) * share),
    })
    return { profiles, nested: await nestedIn(duck, { declaration: settled, columns: trial.version.columns, signal: context.signal }) }
  })()
  const { columns, declaration: cleaned, doubts } = dropNullWords(suitedTo(base.format, profiles.map(guessColumn)), profiles, settled)
  const located = await Promise.all(columns.map((column) => locate(column, { sample, group, declaration: settled })))
  const misfits = trial.result.quarantined
  return {
    ...base,
    declaration: withFound(cleaned, columns),
    columns: located,
    nested,
    doubts: [...base.doubts, ...doubts, ...(misfits > 0 ? [misfitDoubt(trial)] : []), ...headerRowDoubts(base.format, located)],
    rows: { count: Math.round(trial.version.rowCount / Math.max(sample.share, 1e-9)), isExact: sample.isWhole },
    quarantined: misfits,
    lookedAt: sample.lookedAt,
    isWhole: sample.isWhole,
  }
}

/** Where the quotes of the beginning lead astray further on, the reading without them is the better one. */
async function readSettled(sniffing: Sniffing, declaration: Declaration): Promise<{ declaration: Declaration; sample: Sample; trial: Trial }> {
  const first = await readAs(sniffing, declaration, 'first').catch((error: unknown) => {
    if (!mayBeQuotes(declaration, sniffing)) throw error
    return null
  })
  if (first !== null && (first.trial.result.quarantined === 0 || !mayBeQuotes(declaration, sniffing))) return first
  const unquoted = { ...declaration, quote: 'none' }
  const second = await readAs(sniffing, unquoted, 'second').catch((error: unknown) => {
    if (first === null) throw error
    return null
  })
  if (second === null || (first !== null && second.trial.result.quarantined >= first.trial.result.quarantined)) return first ?? readAs(sniffing, declaration, 'third')
  return second
}

function mayBeQuotes(declaration: Declaration, { declared }: Sniffing): boolean {
  return declared === null && declaration['format'] === 'csv' && declaration['quote'] === undefined
}

async function readAs({ group, scratchDir, context, report }: Sniffing, declaration: Declaration, name: string): Promise<{ declaration: Declaration; sample: Sample; trial: Trial }> {
  const source = declaredSource(declaration)
  const dir = join(scratchDir, name)
  await mkdir(dir, { recursive: true })
  const sample = await takeSample({ source, files: group.files, limitBytes: WHOLE_BYTES, scratchDir, spread: true, signal: context.signal })
  const trial = await trialExtract({ source: sample.source, files: sample.files, outDir: dir }, context, (share) => report(share * READ_SHARE))
  return { declaration, sample, trial }
}

function originalNames({ draft, files }: AlikeFiles, declaration: Declaration): string[] {
  if (draft.format !== 'csv' || declaration['header'] === false || files.length > 1) return []
  return draft.headerNames ?? []
}

async function locate(column: GuessedColumn, { sample, group, declaration }: { sample: Sample; group: AlikeFiles; declaration: Declaration }): Promise<ColumnGuess> {
  const { nullWords: _words, way: _way, counterExample, ...rest } = column
  if (counterExample === null) return { ...rest, counterExample: null }
  const { record } = counterExample
  const file = group.files.find(({ name }) => name === counterExample.file)
  const source = declaredSource(declaration)
  const hasLine = file !== undefined && group.part === null && (sample.isWhole || record < sample.linesUpTo)
  const line = hasLine ? (await locateRecord({ path: file.path, member: null, record, source }, new AbortController().signal)).line : null
  return { ...rest, counterExample: { ...counterExample, line } }
}

/** A table that begins further down gives most columns no name. */
function headerRowDoubts(format: string, columns: readonly ColumnGuess[]): Doubt[] {
  const unnamed = columns.filter(({ name }, index) => name === `column_${index + 1}`).length
  if (format !== 'xlsx' || columns.length < 3 || unnamed < columns.length / 3) return []
  return [{ about: 'header_rows', text: `${unnamed} of ${columns.length} columns have no name in the first row, so the names may stand further down; header_rows says in which row`, choices: [] }]
}

function misfitDoubt({ result }: Trial): Doubt {
  const { quarantined, records } = result
  return { about: 'records', text: `${quarantined.toLocaleString('en')} of ${records.toLocaleString('en')} records looked at are built differently and would go to quarantine; the preview shows them`, choices: [] }
}

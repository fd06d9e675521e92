import { randomUUID } from 'node:crypto'
import { basename, dirname, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parse as parseYaml } from 'yaml'
import type { Declaration, DeclaredColumn, SavedSource, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { dataTypeNameProblem, datasetNameProblem, didYouMean } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { withTables } from '../../../shared/domain/nested-tables.ts'
import { columnsOf, type DeclaredColumns, frameOf, withColumns } from '../../../shared/domain/source-declaration.ts'
import { nameFrom } from '../../engine/etl/sniff/suggest-names.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { EXIT } from '../exit-code.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { guessLines, savedLines, sumLines } from '../terminal/guess-report.ts'
import { createRunView, type RunView } from '../terminal/run-view.ts'

interface IngestOptions {
  as?: Target
  set: Declaration
  tables?: string[]
  dryRun?: boolean
  move?: boolean
  change?: boolean
  step: boolean
  run: boolean
  json?: boolean
}

interface Target {
  dataType: string
  source: string | null
}

interface Ingested {
  guess: SourceGuess
  saved: SavedSource | null
}

/** `strata ingest FILE…`: files become a source of a data type, by what is found in them. */
export function addIngestCommand(program: Command, cli: Cli): void {
  program
    .command('ingest')
    .description('find out what files are, make them a source, and load them')
    .argument('<files...>', 'files or folders; files that look alike become one source')
    .option('--as <dataset>', 'data_type, data_type.name or data_type.raw.name; without it, named after the files', parseTarget)
    .addOption(new Option('--set <key=value>', 'read it so, in the words of pipeline.yaml: --set delimiter=";" --set columns.price=DOUBLE --set columns.day.format=%d.%m.%Y; may be repeated').argParser(addSetting).default({}, 'as found'))
    .option('--tables <names>', 'JSON and XML: lists in the records become tables of their own, by the names shown, or all; objects become columns; none: columns alone', (text: string) => text.split(',').map((name) => name.trim()))
    .option('--dry-run', 'say what would be done and do nothing')
    .option('--move', 'take the files from where they are, instead of copying them')
    .option('--change', 'of a source that is there already: let it declare how these files are read, instead of reading them as it declares')
    .option('--no-step', 'propose no first SQL step')
    .option('--no-run', 'make the source and run nothing')
    .option('--json', 'one JSON document')
    .action((files: string[], options: IngestOptions) => cli.withClient((client) => ingest({ cli, client, options }, files.map((file) => resolve(file)))))
}

interface Session {
  cli: Cli
  client: StrataClient
  options: IngestOptions
}

async function ingest(session: Session, paths: string[]): Promise<void> {
  const { cli, options } = session
  const { out } = cli
  const guesses = await sniff(session, paths)
  const readable = guesses.filter(({ cannot }) => cannot === null)
  if (options.json !== true) for (const guess of guesses) for (const line of [...guessLines(guess, out.paint), '']) out.line(line)
  refuseOneNameForMany(options, readable)
  const ingested: Ingested[] = guesses.map((guess) => ({ guess, saved: null }))
  for (const entry of ingested.filter(({ guess }) => guess.cannot === null)) {
    entry.saved = await save(session, entry.guess, targetOf(entry.guess, { options, paths, isOne: readable.length === 1 }))
    if (options.json !== true) for (const line of savedLines(entry.saved, out.paint, options.dryRun === true)) out.line(line)
  }
  const runs = options.dryRun === true || !options.run ? [] : await runAll(session, ingested)
  if (readable.length < guesses.length) cli.exitWith(EXIT.failed)
  if (options.json === true) out.json({ sources: ingested, runs })
}

/** With settings, columns are looked at again as the settings read them. */
async function sniff({ client, cli, options }: Session, paths: string[]): Promise<SourceGuess[]> {
  const call = { signal: cli.signal }
  const { sources } = await client.ingest.sniff({ paths }, call)
  const asTables = options.tables === undefined ? sources : withChosenTables(sources, options.tables)
  if (asTables === sources && Object.keys(options.set).length === 0) return sources
  refuseUnknownColumns(options.set, sources)
  return Promise.all(asTables.map(async (guess) => {
    const [again] = (await client.ingest.sniff({ paths: guess.files, declaration: merged(guess, options.set) }, call)).sources
    return again === undefined ? guess : { ...again, name: guess.name }
  }))
}

/** The guesses read with these tables. @throws BAD_INPUT when none of the files has a table of that name */
function withChosenTables(sources: readonly SourceGuess[], names: readonly string[]): SourceGuess[] {
  const known = sources.flatMap(({ nested }) => nested?.tables.map(({ name }) => name) ?? [])
  const isAll = names.length === 1 && names[0] === 'all'
  const chosen = isAll ? known : names.length === 1 && names[0] === 'none' ? [] : names
  const missing = chosen.find((name) => !known.includes(name))
  if (missing !== undefined) throw new ProblemError('BAD_INPUT', `None of the files holds a list ${missing} that could be a table`, { hint: didYouMean(missing, known) ?? (known.length === 0 ? 'Their records hold no lists of objects' : `They hold ${known.join(', ')}`) })
  return sources.map((guess) => (guess.nested === null ? guess : { ...guess, columns: [], declaration: withTables(frameOf(guess.declaration), guess.nested, chosen) }))
}

/** Each source takes what is said of its own columns. */
function merged({ declaration, columns }: SourceGuess, settings: Declaration): Declaration {
  const { columns: _columns, ...rest } = settings
  const frame = Object.fromEntries(Object.entries({ ...frameOf(declaration), ...rest }).filter(([, value]) => value !== null))
  const own = Object.entries(columnsOf(settings)).filter(([name, column]) => hasPlace(column) || columns.some((known) => known.name === name))
  return withColumns(frame, Object.fromEntries(own))
}

/** Of fixed width: it makes the column. */
function hasPlace(column: DeclaredColumn): boolean {
  return typeof column !== 'string' && column['width'] !== undefined
}

function refuseUnknownColumns(settings: Declaration, sources: readonly SourceGuess[]): void {
  const known = sources.flatMap(({ columns }) => columns.map(({ name }) => name))
  const missing = Object.entries(columnsOf(settings)).find(([name, column]) => !known.includes(name) && !hasPlace(column))?.[0]
  if (missing !== undefined) throw new ProblemError('BAD_INPUT', `None of the files has a column ${missing}`, { hint: didYouMean(missing, known) ?? `They have ${known.slice(0, 20).join(', ')}` })
}

function refuseOneNameForMany({ as }: IngestOptions, guesses: readonly SourceGuess[]): void {
  if (guesses.length < 2 || as === undefined || as.source === null) return
  throw new ProblemError('BAD_INPUT', `The files are of ${guesses.length} kinds, which are as many sources: ${guesses.map(({ name }) => name).join(', ')}`, { hint: `Name the data type alone: --as ${as.dataType}` })
}

function targetOf({ name }: SourceGuess, { options, paths, isOne }: { options: IngestOptions; paths: readonly string[]; isOne: boolean }): Required<Pick<SavedSource, 'dataType' | 'source'>> {
  if (options.as !== undefined) return { dataType: options.as.dataType, source: options.as.source ?? name }
  const [first = ''] = paths
  const folder = paths.length === 1 ? basename(first) : basename(dirname(first))
  return { dataType: nameFrom(isOne ? name : folder, (candidate) => dataTypeNameProblem(candidate) === null), source: name }
}

function save({ client, cli, options }: Session, guess: SourceGuess, target: Pick<SavedSource, 'dataType' | 'source'>): Promise<SavedSource> {
  return client.ingest.save(
    {
      commandId: randomUUID(),
      ...target,
      paths: guess.files,
      declaration: guess.declaration,
      take: options.move === true ? 'move' : 'copy',
      reading: options.change === true ? 'change' : 'keep',
      ...(options.step ? { step: { columns: guess.columns } } : {}),
      dryRun: options.dryRun === true,
    },
    { signal: cli.signal },
  )
}

/** Each data type once, where something is new or was never loaded. */
async function runAll(session: Session, ingested: readonly Ingested[]): Promise<RunDetail[]> {
  const { client, cli, options } = session
  const datasets = new Map((await client.datasets.list(undefined)).map(({ dataset, version }) => [dataset, version]))
  const wanted = ingested.flatMap(({ saved }) => (saved === null || (saved.isNothingNew && (datasets.get(saved.dataset) ?? null) !== null) ? [] : [saved.dataType]))
  const details: RunDetail[] = []
  for (const dataType of new Set(wanted)) {
    const ref = await client.runs.start({ commandId: randomUUID(), dataType, trigger: 'cli' })
    const detail = await followRun({ cli, client, ref, view: options.json === true ? SILENT : createRunView(cli.out, false) })
    cli.exitWith(runExitCode(detail))
    details.push(detail)
    if (options.json !== true) for (const line of sumLines(detail, cli.out.paint)) cli.out.line(line)
  }
  if (details.length === 0 && ingested.some(({ saved }) => saved?.isNothingNew === true) && options.json !== true) cli.out.line('Nothing is new, so nothing was run')
  return details
}

const SILENT: RunView = { events: () => undefined, update: () => undefined, remark: () => undefined, finish: () => undefined, close: () => undefined }

/** `drugs`, `drugs.products` or `drugs.raw.products` */
const TARGET = /^([^.]*)(?:\.(?:raw\.)?([^.]*))?$/

function parseTarget(text: string): Target {
  const [found, dataType = '', source = null] = TARGET.exec(text) ?? []
  if (found === undefined) throw new InvalidArgumentError('Write data_type.raw.name: files are loaded into the raw zone.')
  const problem = dataTypeNameProblem(dataType) ?? (source === null ? null : datasetNameProblem(source))
  if (problem !== null) throw new InvalidArgumentError(problem)
  return { dataType, source }
}

/** Characters are meant as they are; the rest is read as pipeline.yaml reads it. */
const AS_WRITTEN = new Set(['delimiter', 'quote', 'escape', 'comment', 'record'])

function addSetting(text: string, before: Declaration): Declaration {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as key=value.')
  const [key = '', column] = text.slice(0, at).split(/\.(.*)/s)
  const written = text.slice(at + 1)
  if (column === undefined) return { ...before, [key]: AS_WRITTEN.has(key) ? written : settingOf(written) }
  const known = columnsOf(before)
  return { ...before, [key]: { ...known, ...columnSetting(column, written, known) } }
}

/** `price=DOUBLE`, or `day.format=%d.%m.%Y`. */
function columnSetting(column: string, written: string, known: DeclaredColumns): Record<string, DeclaredColumn> {
  const [, name, part] = OF_COLUMN.exec(column) ?? []
  if (name === undefined || part === undefined) return { [column]: written }
  const before = known[name]
  return { [name]: { ...(typeof before === 'string' ? { type: before } : before), [part]: COLUMN_AS_READ.has(part) ? settingOf(written) : written } }
}

const OF_COLUMN = /^(.+)\.(type|format|decimal|thousands|strip|percent|true_text|false_text|start|width)$/s
const COLUMN_AS_READ = new Set(['percent', 'start', 'width'])

function settingOf(written: string): Declaration[string] {
  const value: unknown = parseYaml(written)
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(String)
  throw new InvalidArgumentError('Write a text, a number, true, false or a list.')
}

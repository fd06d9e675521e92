import { type Command, Option } from 'commander'
import type { DiffKind, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { parsePositive, parseRunRef } from '../run-ref.ts'
import { diffColumns, diffCsv, diffHeadLines, type DiffRow, type DiffRows, diffTable, readDiffRows } from '../terminal/diff-report.ts'
import { type ExportFile, exportFileOf, followExport } from '../follow-export.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'

interface DiffOptions {
  from?: number | RunRef
  to?: DiffTarget
  overwrite?: boolean
  key?: string
  kind?: DiffKind
  limit: number
  format: 'table' | 'csv' | 'json'
  json?: boolean
}

const KINDS: readonly DiffKind[] = ['changed', 'added', 'removed']

/** `strata diff <dataset>`: what differs between two versions, by key: counts, columns, and the first rows of each kind. */
export function addDiffCommand(program: Command, cli: Cli): void {
  program
    .command('diff')
    .description('compare two versions of a dataset by key: rows added, removed and changed, with old and new values')
    .argument('<dataset>', 'data_type.zone.name')
    .option('--from <version>', 'older version, or data_type#number: as of that run; without it, the one before', parseVersionOrRun)
    .option('--to <version or file>', 'newer version, or data_type#number: as of that run; without it, the current one. A file ending in .csv or .parquet: all differences go there, with a manifest. May be given for both', parseTarget)
    .option('--overwrite', 'replace the file when it exists')
    .option('--key <columns>', 'columns that name a row, by comma; without it, the key of the contract, else whole rows')
    .addOption(new Option('--kind <kind>', 'only rows of this kind').choices(KINDS))
    .option('-n, --limit <number>', 'rows of each kind at most', parsePositive, 20)
    .addOption(new Option('--format <format>', 'of the rows').choices(['table', 'csv', 'json']).default('table'))
    .option('--json', 'the same as --format json')
    .action(async (dataset: string, options: DiffOptions) => {
      const { from, to, key, kind, limit, json } = options
      const format = json === true ? 'json' : options.format
      const pair = { dataset, ...endsOf(from, to?.version), ...(key === undefined ? {} : { key: columnNames(key) }) }
      await cli.withClient(async (client) => {
        const diff = await client.compare.versions(pair, { signal: cli.signal })
        const kinds = kind === undefined ? KINDS : [kind]
        if (to?.file !== undefined) return writeFile({ cli, client, diff }, { file: to.file, kinds, key: key === undefined ? undefined : columnNames(key), overwrite: options.overwrite === true, json: format === 'json' })
        const fixed = { dataset, from: diff.from.version, to: diff.to.version, ...(key === undefined ? {} : { key: columnNames(key) }) }
        const pages = await readPages({ cli, client, pair: fixed }, { kinds: kinds.filter((one) => diff.counts[one] > 0), limit })
        if (format === 'json') return cli.out.json({ ...diff, rows: Object.fromEntries(pages.map((page) => [page.kind, page.rows])) })
        if (format === 'csv') return cli.out.raw(diffCsv(pages).map((line) => `${line}\n`).join(''))
        for (const line of diffHeadLines(diff, cli.out.paint)) cli.out.line(line)
        for (const page of pages) printPage(cli, diff, page)
      })
    })
}

/** A version by its number, or as of a run. */
function parseVersionOrRun(text: string): number | RunRef {
  return text.includes('#') ? parseRunRef(text) : parsePositive(text.replace(/^v/i, ''))
}

interface DiffTarget {
  version?: number | RunRef
  file?: ExportFile
}

/** --to names the newer version, a file to write, or, given twice, both. */
function parseTarget(text: string, before: DiffTarget | undefined): DiffTarget {
  const file = exportFileOf(text)
  return file === null ? { ...before, version: parseVersionOrRun(text) } : { ...before, file }
}

interface WriteOptions {
  file: ExportFile
  kinds: readonly DiffKind[]
  key: string[] | undefined
  overwrite: boolean
  json: boolean
}

/** Everything that differs, streamed to a file by the engine, as other exports are. */
async function writeFile({ cli, client, diff }: { cli: Cli; client: StrataClient; diff: VersionDiff }, { file, kinds, key, overwrite, json }: WriteOptions): Promise<void> {
  const against = { version: diff.from.version, kinds: [...kinds], ...(key === undefined ? {} : { key }) }
  const done = await followExport({ cli, client, json }, { dataset: diff.dataset, version: diff.to.version, format: file.format, path: file.path, overwrite, against })
  if (json) return cli.out.json(done)
  cli.out.line(`${diff.dataset} v${diff.from.version} → v${diff.to.version}: ${formatCount(done.rowCount)} lines, ${formatBytes(done.sizeBytes)}, in ${done.path}`)
}

type End = number | RunRef | undefined

function endsOf(from: End, to: End): { from?: number; fromAsOf?: RunRef; to?: number; toAsOf?: RunRef } {
  return {
    ...(from === undefined ? {} : typeof from === 'number' ? { from } : { fromAsOf: from }),
    ...(to === undefined ? {} : typeof to === 'number' ? { to } : { toAsOf: to }),
  }
}

function columnNames(text: string): string[] {
  return text.split(',').map((name) => name.trim()).filter((name) => name !== '')
}

interface Pair {
  dataset: string
  from: number
  to: number
  key?: string[]
}

interface Wanted {
  kinds: readonly DiffKind[]
  limit: number
}

/** Rows asked for at a time. */
const PAGE_ROWS = 2_000

async function readPages({ cli, client, pair }: { cli: Cli; client: StrataClient; pair: Pair }, { kinds, limit }: Wanted): Promise<DiffRows[]> {
  const pages: DiffRows[] = []
  for (const kind of kinds) {
    const rows: DiffRow[] = []
    let columns: DiffRows['columns'] = []
    for (let total = Number.POSITIVE_INFINITY; rows.length < Math.min(limit, total); ) {
      const page = await client.compare.page({ ...pair, kind, offset: rows.length, limit: Math.min(PAGE_ROWS, limit - rows.length) }, { signal: cli.signal })
      rows.push(...readDiffRows(page))
      columns = diffColumns(page)
      total = page.rowCount === 0 ? 0 : page.total
    }
    pages.push({ kind, columns, rows })
  }
  return pages
}

function printPage(cli: Cli, diff: VersionDiff, page: DiffRows): void {
  const { columns, cells } = diffTable(page)
  const { kind, rows } = page
  cli.out.line()
  cli.out.line(cli.out.paint(kind, 'bold'))
  cli.out.table(columns, cells)
  if (diff.counts[kind] > rows.length) cli.out.note(`${formatCount(rows.length)} of ${formatCount(diff.counts[kind])} ${kind} rows; more with --limit`)
}

import type { Command } from 'commander'
import type { ColumnProfile, DatasetProfile } from '../../../shared/contract/profile.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { closestName } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { asOfOption } from '../as-of-option.ts'
import type { Cli } from '../cli-session.ts'
import { followProfile } from '../follow-profile.ts'
import { parsePositive } from '../run-ref.ts'
import { formatCount, formatDuration } from '../terminal/figures.ts'
import type { Cell } from '../terminal/table.ts'

interface ProfileOptions {
  column?: string
  version?: number
  asOf?: RunRef
  json?: boolean
}

/** `strata profile <dataset>`: what is in its columns, or in detail what is in one of them. */
export function addProfileCommand(program: Command, cli: Cli): void {
  program
    .command('profile')
    .description('what is in the columns of a dataset: nulls, different values, ends, quantiles, the most frequent values')
    .argument('<dataset>', 'data_type.zone.name')
    .option('-c, --column <name>', 'this column in detail, with its histogram')
    .option('--version <number>', 'this version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .option('--json', 'one JSON document')
    .action(async (dataset: string, { column, version, asOf, json }: ProfileOptions) => {
      const ref = { dataset, ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
      const profile = await cli.withClient((client) => followProfile(cli, client, ref))
      const shown = column === undefined ? profile : { ...profile, columns: [mustFind(profile, column)] }
      if (json === true) return cli.out.json(shown)
      if (column === undefined) table(cli, profile)
      else for (const one of shown.columns) detail(cli, one, profile.rowCount)
    })
}

function mustFind({ columns, dataset }: DatasetProfile, name: string): ColumnProfile {
  const found = columns.find(({ column }) => column.name === name)
  if (found !== undefined) return found
  const nearest = closestName(name, columns.map(({ column }) => column.name))
  throw new ProblemError('NOT_FOUND', `${dataset} has no column "${name}"`, { hint: nearest === null ? `Its columns: ${columns.map(({ column }) => column.name).join(', ')}` : `Did you mean ${nearest}?` })
}

function table(cli: Cli, { dataset, version, rowCount, columns, tookMs, fromCache }: DatasetProfile): void {
  cli.out.table(
    [{ header: 'column' }, { header: 'type' }, { header: 'nulls', align: 'right' }, { header: 'different', align: 'right' }, { header: 'min', maxWidth: 24 }, { header: 'median', maxWidth: 24 }, { header: 'max', maxWidth: 24 }, { header: 'most frequent', maxWidth: 60 }],
    columns.map((column): Cell[] => [
      { text: column.column.name, style: 'bold' },
      { text: column.column.type.toLowerCase(), style: 'dim' },
      shareText(column.nulls, rowCount),
      distinctText(column),
      column.min ?? '',
      medianOf(column),
      column.max ?? '',
      (column.top ?? []).slice(0, 3).map(({ value, count }) => `${value === '' ? '""' : value} ${formatCount(count)}`).join(', '),
    ]),
  )
  cli.out.note(`${dataset} v${version}, ${formatCount(rowCount)} rows; ${fromCache ? 'kept from before' : `looked at in ${formatDuration(tookMs)}`}. One column with its histogram: --column NAME`)
}

function shareText(nulls: number, rows: number): Cell {
  if (nulls === 0) return { text: '0', style: 'dim' }
  return `${formatCount(nulls)} (${((100 * nulls) / Math.max(1, rows)).toFixed(1)}%)`
}

function distinctText({ distinct, isDistinctExact }: ColumnProfile): string {
  return `${isDistinctExact ? '' : '≈ '}${formatCount(distinct)}`
}

function medianOf({ quantiles }: ColumnProfile): string {
  const at = quantiles?.at.indexOf(0.5) ?? -1
  return at === -1 ? '' : `${quantiles?.isSampled === true ? '≈ ' : ''}${quantiles?.values[at] ?? ''}`
}

function detail({ out }: Cli, column: ColumnProfile, rowCount: number): void {
  const { column: { name, type }, histogram, top, trend } = column
  out.line(`${out.paint(name, 'bold')}  ${type.toLowerCase()}`)
  out.table([{ header: '' }, { header: '' }], factsOf(column, rowCount).map(([label, text]) => [{ text: label, style: 'dim' as const }, text]))
  if (histogram !== null) {
    out.line()
    const most = Math.max(1, ...histogram.counts)
    out.table([{ header: 'from' }, { header: 'rows', align: 'right' }, { header: '' }], histogram.counts.map((count, i) => [histogram.edges[i] ?? '', formatCount(count), '█'.repeat(Math.round((40 * count) / most))]))
  }
  if (top !== null && top.length > 0) {
    out.line()
    out.table([{ header: 'most frequent', maxWidth: 60 }, { header: 'rows', align: 'right' }], top.map(({ value, count }) => [value === '' ? '""' : value, formatCount(count)]))
  }
  if (trend.length > 1) out.note(`Nulls by version: ${trend.map(({ version, nullShare }) => `v${version} ${(100 * nullShare).toFixed(1)}%`).join(', ')}`)
}

function factsOf(column: ColumnProfile, rowCount: number): [string, string][] {
  const { nulls, min, max, mean, quantiles, lengths, empty, notFinite } = column
  const facts: [string, string | null][] = [
    ['rows', formatCount(rowCount)],
    ['nulls', `${formatCount(nulls)} (${((100 * nulls) / Math.max(1, rowCount)).toFixed(1)}%)`],
    ['different', distinctText(column)],
    ['min', min],
    ['max', max],
    ['mean', mean === null ? null : String(Number(mean.toPrecision(8)))],
    ...(quantiles?.at ?? []).map((at, i): [string, string] => [`${at * 100}%`, `${quantiles?.isSampled === true ? '≈ ' : ''}${quantiles?.values[i] ?? ''}`]),
    ['length', lengths === null ? null : `${lengths.min} to ${lengths.max}, on average ${lengths.mean.toFixed(1)}`],
    ['empty', empty === null || empty === 0 ? null : formatCount(empty)],
    ['not finite', notFinite === 0 ? null : formatCount(notFinite)],
  ]
  return facts.flatMap(([label, text]): [string, string][] => (text === null ? [] : [[label, text]]))
}

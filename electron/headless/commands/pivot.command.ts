import type { Command } from 'commander'
import { MEASURES } from '../../../shared/domain/chart.ts'
import { groupLabel, type Grouping, type PivotPage, type PivotSpec } from '../../../shared/domain/pivot.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { type Column, type Filter, type Sort, toColumn } from '../../../shared/domain/table-query.ts'
import { asOfOption } from '../as-of-option.ts'
import type { Cli } from '../cli-session.ts'
import { type ExportFile, followExport } from '../follow-export.ts'
import { parsePositive } from '../run-ref.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'
import { csvLines, rowObjects, tableCells, tableColumns } from '../terminal/row-formats.ts'
import { addGroupings, addMeasures, addSorts } from '../column-options.ts'
import { parseTarget } from './export.command.ts'

interface PivotOptions {
  rows: Grouping[]
  columns: Grouping[]
  values?: PivotSpec['values']
  others?: boolean
  filter: string[]
  sort: Sort[]
  version?: number
  asOf?: RunRef
  limit: number
  to?: ExportFile
  overwrite?: boolean
  csv?: boolean
  json?: boolean
}

/** `strata pivot <dataset>`: its rows put together by columns, with what is computed of each group. */
export function addPivotCommand(program: Command, cli: Cli): void {
  program
    .command('pivot')
    .description('put rows together by columns: counts, sums and the like of each group, with totals')
    .argument('<dataset>', 'data_type.zone.name')
    .option('--rows <columns>', 'group by these, by comma; day:month takes dates by month, amount:10 numbers in steps of 10', addGroupings, [])
    .option('--columns <columns>', 'values of these become columns', addGroupings, [])
    .option('--values <measures>', `what to compute, by comma: count, or ${MEASURES.join(', ')} of a column, such as sum:amount (default: count)`, addMeasures)
    .option('--others', 'of more values than there is room for, the most frequent become columns and the rest one')
    .option('--filter <condition>', 'only rows for which this SQL condition is true; may be given again', (text: string, before: string[]) => [...before, text], [])
    .option('--sort <columns>', 'order, by comma, by names of the result; - before a name: descending', addSorts, [])
    .option('--version <number>', 'version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .option('-n, --limit <number>', 'groups at most', parsePositive, 1_000)
    .option('--to <file>', 'write all groups to this file, .csv or .parquet, with a manifest', parseTarget)
    .option('--overwrite', 'with --to: replace the file when it exists')
    .option('--csv', 'all groups as CSV')
    .option('--json', 'one JSON document')
    .action(async (dataset: string, options: PivotOptions) => {
      const { rows, columns, values, others = false, sort, version, asOf, to, overwrite = false, json = false } = options
      if (rows.length + columns.length === 0) throw new ProblemError('BAD_INPUT', 'The rows are put together by no column', { hint: 'Give --rows, --columns, or both' })
      const spec = { rows, columns, others, ...(values === undefined ? {} : { values }) }
      const filter = options.filter.map((sql): Filter => ({ op: 'expression', sql }))
      const ref = { dataset, ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
      await cli.withClient(async (client) => {
        if (to !== undefined) {
          const done = await followExport({ cli, client, json }, { ...ref, ...to, overwrite, query: { sort, filter }, pivot: spec })
          return json ? cli.out.json(done) : cli.out.line(`${done.dataset} v${done.version}: ${formatCount(done.rowCount)} groups, ${formatBytes(done.sizeBytes)}, in ${done.path}`)
        }
        const wanted = options.csv === true ? Number.MAX_SAFE_INTEGER : options.limit
        const read = (offset: number): Promise<PivotPage & { version: number }> => client.datasets.pivot({ ...ref, filter, spec, levels: 8, sort, offset, limit: Math.min(5_000, wanted - offset) }, { signal: cli.signal })
        const first = await read(0)
        const groups = [...first.groups]
        while (groups.length < Math.min(wanted, first.groupCount)) groups.push(...(await read(groups.length)).groups)
        show(cli, { ...first, groups }, { rows, csv: options.csv === true, json })
      })
    })
}

function show(cli: Cli, page: PivotPage & { version: number }, { rows, csv, json }: { rows: readonly Grouping[]; csv: boolean; json: boolean }): void {
  const columns: Column[] = [...page.groupings.map((name) => toColumn(name, 'VARCHAR')), ...page.columns.map(({ name, type }) => toColumn(name, type))]
  const lines = page.groups.map(({ key, cells }) => [...key.map((value, i) => (rows[i] === undefined ? value : groupLabel(rows[i], value))), ...cells])
  const total = [...page.groupings.map(() => ''), ...page.total.cells]
  if (json) return cli.out.json({ version: page.version, rowCount: page.total.rowCount, groupCount: page.groupCount, groups: rowObjects(columns, lines), total: rowObjects(columns.slice(page.groupings.length), [page.total.cells])[0] ?? {} })
  if (csv) return cli.out.raw(csvLines(columns, lines.length === 0 && rows.length === 0 ? [total] : lines).map((line) => `${line}\n`).join(''))
  cli.out.table(tableColumns(columns), [...tableCells(lines), total.map((cell) => ({ text: cell === null ? 'null' : String(cell), style: 'bold' as const }))])
  const shown = page.groups.length < page.groupCount ? `The first ${formatCount(page.groups.length)} of ` : ''
  cli.out.note(`${shown}${formatCount(page.groupCount)} ${page.groupCount === 1 ? 'group' : 'groups'} of ${formatCount(page.total.rowCount)} rows, v${page.version}; the last line is over all of them`)
}

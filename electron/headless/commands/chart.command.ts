import { type Command, Option } from 'commander'
import type { SavedView } from '../../../shared/contract/views.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { CHART_KINDS, type ChartKind, type ChartData, type ChartSpec, chartSpecSchema } from '../../../shared/domain/chart.ts'
import { type Grouping, type PivotMeasure, valueName } from '../../../shared/domain/pivot.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { type Column, type Filter, toColumn } from '../../../shared/domain/table-query.ts'
import { asOfOption } from '../as-of-option.ts'
import type { Cli } from '../cli-session.ts'
import { addGroupings, addMeasures } from '../column-options.ts'
import { findView } from '../find-view.ts'
import { parsePositive } from '../run-ref.ts'
import { formatCount } from '../terminal/figures.ts'
import { csvLines, tableCells, tableColumns } from '../terminal/row-formats.ts'

interface ChartOptions {
  view?: string
  kind: ChartKind
  x: Grouping[]
  y: PivotMeasure[]
  series?: string
  bins?: number
  filter: string[]
  version?: number
  asOf?: RunRef
  csv?: boolean
  json?: boolean
}

/** `strata chart`: the numbers that a chart draws. */
export function addChartCommand(program: Command, cli: Cli): void {
  program
    .command('chart')
    .description('the numbers that a chart draws, of a dataset or of a saved view')
    .argument('[dataset]', 'data_type.zone.name; not with --view')
    .option('--view <name>', 'the chart of this saved view, of the rows that pass its filters')
    .addOption(new Option('--kind <kind>', 'of the chart').choices([...CHART_KINDS]).default('bar'))
    .option('--x <column>', 'along the chart; day:month takes dates by month', addGroupings, [])
    .option('--y <measure>', 'what it measures, such as sum:amount; of scatter charts the other axis, such as min:amount (default: count)', addMeasures, [])
    .option('--series <column>', 'a colour for each of its values; of heat maps the other side')
    .option('--bins <number>', 'of a histogram', parsePositive)
    .option('--filter <condition>', 'only rows for which this SQL condition is true; may be given again', (text: string, before: string[]) => [...before, text], [])
    .option('--version <number>', 'version; without it, the current one', parsePositive)
    .addOption(asOfOption())
    .option('--csv', 'as CSV')
    .option('--json', 'one JSON document')
    .action(async (dataset: string | undefined, options: ChartOptions) => {
      const { view: name } = options
      if ((dataset === undefined) === (name === undefined)) throw new ProblemError('BAD_INPUT', 'Name a dataset or a view', { hint: 'strata chart data_type.zone.name --x COLUMN, or strata chart --view NAME' })
      await cli.withClient(async (client) => {
        const view = name === undefined ? null : await findView(client, name)
        if (view !== null && view.chart === undefined) throw new ProblemError('BAD_INPUT', `The view "${view.name}" has no chart`, { hint: 'Open it in the window, choose Chart, and save it again' })
        const spec = view?.chart ?? specOf(options)
        const data = await client.datasets.chart({ ...rowsOf(view, dataset, options), spec }, { signal: cli.signal })
        show(cli, { spec, data }, options)
      })
    })
}

/** Which rows: of a version, those that pass the filters of the view and those that were typed. */
function rowsOf(view: SavedView | null, dataset: string | undefined, { filter, version, asOf }: ChartOptions) {
  const typed = filter.map((sql): Filter => ({ op: 'expression', sql }))
  return { dataset: view?.dataset ?? dataset ?? '', filter: [...(view?.query.filter ?? []), ...typed], ...(version === undefined ? {} : { version }), ...(asOf === undefined ? {} : { asOf }) }
}

function specOf({ kind, x, y, series, bins }: ChartOptions): ChartSpec {
  const [along] = x
  if (along === undefined) throw new ProblemError('BAD_INPUT', 'A chart needs a column to lie along', { hint: 'Give it with --x' })
  const [measure = { of: 'count', column: null }] = y
  const base = { kind, x: along.column }
  const byKind: Readonly<Record<ChartKind, unknown>> = {
    bar: { ...base, bucket: along.bucket, y: measure, series: series ?? null },
    line: { ...base, bucket: along.bucket, y: measure, series: series ?? null },
    heat: { ...base, bucket: along.bucket, y: measure, across: series },
    histogram: { ...base, ...(bins === undefined ? {} : { bins }) },
    scatter: { ...base, y: measure.column ?? undefined, series: series ?? null },
  }
  const spec = chartSpecSchema.safeParse(byKind[kind])
  if (spec.success) return spec.data
  throw new ProblemError('BAD_INPUT', `A ${kind} chart cannot be made of this: ${spec.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`, { hint: 'A scatter chart needs --y, a heat map --series' })
}

function show(cli: Cli, { spec, data }: { spec: ChartSpec; data: ChartData & { version: number } }, { csv = false, json = false }: ChartOptions): void {
  if (json) return cli.out.json({ spec, ...data })
  const columns = columnsOf(spec)
  const shown = columns.flatMap(({ name }, i) => (name === '' ? [] : [i]))
  const head = shown.flatMap((i) => columns[i] ?? [])
  const rows = data.points.map((point) => shown.map((i) => point[i] ?? null))
  if (csv) return cli.out.raw(csvLines(head, rows).map((line) => `${line}\n`).join(''))
  cli.out.table(tableColumns(head), tableCells(rows))
  const left = [...(data.withoutPlace > 0 ? [`${formatCount(data.withoutPlace)} without a place on it`] : []), ...(data.leftOut > 0 ? [`${formatCount(data.leftOut)} least frequent values left out`] : [])]
  cli.out.note(`${data.isSample ? 'A sample of ' : ''}${formatCount(data.drawn)} of ${formatCount(data.rowCount)} rows, v${data.version}${left.map((words) => `; ${words}`).join('')}`)
}

/** Of the three numbers of a point; without a name where there is none. */
function columnsOf(spec: ChartSpec): Column[] {
  const number = (name: string): Column => toColumn(name, 'DOUBLE')
  const text = (name: string): Column => toColumn(name, 'VARCHAR')
  switch (spec.kind) {
    case 'histogram':
      return [number(`${spec.x} from`), number('to'), number('rows')]
    case 'scatter':
      return [number(spec.x), number(spec.y), text(spec.series ?? '')]
    case 'heat':
      return [text(spec.x), text(spec.across), number(valueName(spec.y))]
    case 'bar':
    case 'line':
      return [text(spec.x), text(spec.series ?? ''), number(valueName(spec.y))]
  }
}

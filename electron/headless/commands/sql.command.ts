import { text as readStream } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { PlanStep, QueryRequest } from '../../../shared/contract/query.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Cli } from '../cli-session.ts'
import { parseRows } from '../rows-json.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive } from '../run-ref.ts'
import { formatCount, formatDuration } from '../terminal/figures.ts'
import { csvLines, rowObjects, tableCells, tableColumns } from '../terminal/row-formats.ts'

interface SqlOptions {
  format: 'table' | 'csv' | 'json'
  json?: boolean
  csv?: boolean
  limit: number
  asOf?: RunRef
  pin?: Pin[]
  timeLimit?: number
  explain?: boolean
  analyze?: boolean
}

type Pin = NonNullable<QueryRequest['pins']>[number]

/** `strata sql "<SELECT>"`: over the current versions, those of a moment, or single ones, in the locked sandbox. */
export function addSqlCommand(program: Command, cli: Cli): void {
  program
    .command('sql')
    .alias('query')
    .description('run one SELECT over the current versions; datasets are named data_type.zone.name')
    .argument('[statement]', 'the SELECT; without one, or with -, it is read from standard input')
    .addOption(new Option('--format <format>', 'of the result').choices(['table', 'csv', 'json']).default('table'))
    .option('-n, --limit <number>', 'rows at most', parsePositive, 10_000)
    .addOption(asOfOption())
    .option('--pin <dataset@version>', 'read this dataset at this version, such as drugs.curated.products@3; may be given again', addPin)
    .option('--time-limit <seconds>', 'stop it after this long (default: 300)', parsePositive)
    .option('--explain', 'how it would be run, instead of its rows')
    .option('--analyze', 'how it did run, instead of its rows')
    .option('--csv', 'the same as --format csv')
    .option('--json', 'the same as --format json')
    .action(async (statement: string | undefined, options: SqlOptions) => {
      const { asOf, pin, timeLimit } = options
      const query: QueryRequest = {
        sql: await statementText(statement),
        ...(asOf === undefined ? {} : { asOf }),
        ...(pin === undefined ? {} : { pins: pin }),
        ...(timeLimit === undefined ? {} : { timeoutMs: timeLimit * 1_000 }),
      }
      await (options.explain === true || options.analyze === true ? explain(cli, query, options) : select(cli, query, options))
    })
}

async function statementText(statement: string | undefined): Promise<string> {
  if (statement !== undefined && statement !== '-') return statement
  const read = process.stdin.isTTY ? '' : await readStream(process.stdin)
  if (read.trim() === '') throw new ProblemError('BAD_INPUT', 'There is no statement', { hint: 'strata sql "SELECT …", or: strata sql < file.sql' })
  return read
}

function addPin(text: string, pins: Pin[] = []): Pin[] {
  const [dataset = '', version = ''] = text.split('@')
  if (parseDatasetId(dataset) === null || !/^v?[1-9]\d*$/.test(version)) throw new InvalidArgumentError('Write data_type.zone.name@version, such as drugs.curated.products@3')
  return [...pins, { dataset, version: Number(version.replace('v', '')) }]
}

async function select(cli: Cli, query: QueryRequest, options: SqlOptions): Promise<void> {
  const format = options.json === true ? 'json' : options.csv === true ? 'csv' : options.format
  const { limit } = options
  const result = await cli.withClient((client) => client.query.run({ ...query, limit }, { signal: cli.signal }))
  const rows = parseRows(result.rowsJson)
  if (format === 'json') cli.out.json(rowObjects(result.columns, rows))
  else if (format === 'csv') cli.out.raw(csvLines(result.columns, rows).map((line) => `${line}\n`).join(''))
  else cli.out.table(tableColumns(result.columns), tableCells(rows))
  if (format === 'table') cli.out.note(`${formatCount(result.rowCount)} ${result.rowCount === 1 ? 'row' : 'rows'} in ${formatDuration(result.tookMs)}`)
  if (result.truncated) cli.out.note(`Only the first ${formatCount(limit)} rows; more with --limit`)
}

async function explain(cli: Cli, query: QueryRequest, { analyze = false, json }: SqlOptions): Promise<void> {
  const plan = await cli.withClient((client) => client.query.explain({ ...query, analyze }, { signal: cli.signal }))
  if (json === true) return cli.out.json(plan)
  const measured = plan.tookMs !== null
  cli.out.table(
    [{ header: 'operator' }, { header: 'rows', align: 'right' }, ...(measured ? [{ header: 'took', align: 'right' as const }] : []), { header: 'details', maxWidth: 100 }],
    plan.steps.map((step) => [`${'  '.repeat(step.depth)}${step.operator}`, rowsText(step), ...(measured ? [step.tookMs === null ? '' : formatDuration(step.tookMs)] : []), detailsText(step)]),
  )
  if (plan.tookMs !== null) cli.out.note(`Ran in ${formatDuration(plan.tookMs)}`)
}

function rowsText({ rows, estimatedRows }: PlanStep): string {
  if (rows !== null) return formatCount(rows)
  return estimatedRows === null ? '' : `≈ ${formatCount(estimatedRows)}`
}

function detailsText({ details }: PlanStep): string {
  return details.map(({ label, text }) => `${label}: ${text}`).join('; ').replaceAll(/\s+/g, ' ')
}

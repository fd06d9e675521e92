import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { PlanStep, QueryRequest } from '../../../shared/contract/query.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { closestName, parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Cli } from '../cli-session.ts'
import { parseRows } from '../rows-json.ts'
import { asOfOption } from '../as-of-option.ts'
import { parsePositive } from '../run-ref.ts'
import type { StrataClient } from '../client.ts'
import { statementText } from '../statement-text.ts'
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
  query?: string
  step?: string
  contract?: boolean
  dryRun?: boolean
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
    .option('-q, --query <name>', 'run the named query: queries/NAME.sql')
    .option('--step <dataset>', 'write it into the pipeline as the step that makes this dataset, instead of running it')
    .option('--contract', 'with --step: also a contract of its columns')
    .option('--dry-run', 'with --step: only show what would be written')
    .option('--csv', 'the same as --format csv')
    .option('--json', 'the same as --format json')
    .action(async (statement: string | undefined, options: SqlOptions) => {
      const { asOf, pin, timeLimit, query: name } = options
      if (name !== undefined && statement !== undefined) throw new ProblemError('BAD_INPUT', 'Give a statement or the name of a query, not both')
      const typed = name === undefined ? await statementText(statement) : null
      await cli.withClient(async (client) => {
        const sql = typed ?? (await namedSql(client, name ?? ''))
        if (options.step !== undefined) return addStep(cli, client, { sql, options: { ...options, step: options.step } })
        const query: QueryRequest = {
          sql,
          ...(asOf === undefined ? {} : { asOf }),
          ...(pin === undefined ? {} : { pins: pin }),
          ...(timeLimit === undefined ? {} : { timeoutMs: timeLimit * 1_000 }),
        }
        await (options.explain === true || options.analyze === true ? explain(cli, client, { query, options }) : select(cli, client, { query, options }))
      })
    })
}

function addPin(text: string, pins: Pin[] = []): Pin[] {
  const [dataset = '', version = ''] = text.split('@')
  if (parseDatasetId(dataset) === null || !/^v?[1-9]\d*$/.test(version)) throw new InvalidArgumentError('Write data_type.zone.name@version, such as drugs.curated.products@3')
  return [...pins, { dataset, version: Number(version.replace('v', '')) }]
}

async function namedSql(client: StrataClient, name: string): Promise<string> {
  const saved = await client.query.saved({})
  const found = saved.find((query) => query.name === name)
  if (found !== undefined) return found.sql
  const nearest = closestName(name, saved.map((query) => query.name))
  throw new ProblemError('NOT_FOUND', `There is no query "${name}"`, { hint: nearest === null ? '"strata queries" lists them' : `Did you mean ${nearest}?` })
}

async function addStep(cli: Cli, client: StrataClient, { sql, options: { step, contract = false, dryRun = false, json } }: { sql: string; options: SqlOptions & { step: string } }): Promise<void> {
  const added = await client.query.saveStep({ commandId: randomUUID(), dataset: step, sql, contract, dryRun })
  if (json === true) return cli.out.json(added)
  for (const file of added.files) {
    if (dryRun) cli.out.raw(`${cli.out.paint(file.path, 'bold')}\n${file.text}\n`)
    else cli.out.line(`Wrote ${file.path}`)
  }
  for (const { severity, file, line, message, suggestion } of added.findings) cli.out.note(`${severity}: ${file}${line === null ? '' : `:${line}`} ${message}${suggestion === null ? '' : `. ${suggestion}`}`)
  if (!dryRun) cli.out.note(`It runs with: strata run ${step.split('.', 1)[0] ?? ''}`)
}

interface Asked {
  query: QueryRequest
  options: SqlOptions
}

async function select(cli: Cli, client: StrataClient, { query, options }: Asked): Promise<void> {
  const format = options.json === true ? 'json' : options.csv === true ? 'csv' : options.format
  const { limit } = options
  const result = await client.query.run({ ...query, limit }, { signal: cli.signal })
  const rows = parseRows(result.rowsJson)
  if (format === 'json') cli.out.json(rowObjects(result.columns, rows))
  else if (format === 'csv') cli.out.raw(csvLines(result.columns, rows).map((line) => `${line}\n`).join(''))
  else cli.out.table(tableColumns(result.columns), tableCells(rows))
  if (format === 'table') cli.out.note(`${formatCount(result.rowCount)} ${result.rowCount === 1 ? 'row' : 'rows'} in ${formatDuration(result.tookMs)}`)
  for (const { dataset, columns } of result.masked) cli.out.note(`Masked: ${columns.join(', ')} of ${dataset}; what compares or orders by them works on masks. --reveal ${dataset} --reveal-reason "..." shows the values`)
  if (result.truncated) cli.out.note(`Only the first ${formatCount(limit)} rows; more with --limit`)
}

async function explain(cli: Cli, client: StrataClient, { query, options: { analyze = false, json } }: Asked): Promise<void> {
  const plan = await client.query.explain({ ...query, analyze }, { signal: cli.signal })
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

import { type Command, InvalidArgumentError } from 'commander'
import type { CheckResult, RunRef } from '../../../shared/contract/runs.contract.ts'
import { datasetIdSchema } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { StrataClient } from '../client.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive, parseRunRef } from '../run-ref.ts'
import { parseRows } from '../rows-json.ts'
import { checkTable, trendTable } from '../terminal/check-report.ts'
import { formatCount } from '../terminal/figures.ts'
import { rowObjects, tableCells, tableColumns } from '../terminal/row-formats.ts'

type Subject = { run: RunRef } | { dataset: string } | null

interface ChecksOptions {
  rule?: string
  failing?: boolean
  version?: number
  limit: number
  json?: boolean
}

/** `strata checks drugs.curated.products`, `strata checks drugs#41`: what the rules found, over the runs, and the rows that break them. */
export function addChecksCommand(program: Command, cli: Cli): void {
  program
    .command('checks')
    .description('what the rules of a dataset or a run found, how that went over the runs, and the rows that break them')
    .argument('[subject]', 'data_type.zone.name, or data_type#number; without it all datasets', parseSubject)
    .option('--rule <rule>', 'one rule of a dataset: its results over the runs')
    .option('--failing', 'the rows that break the rules, as they were kept')
    .option('--version <number>', 'with --failing: of this version instead of the newest', parsePositive)
    .option('-n, --limit <number>', 'rows or results at most', parsePositive, 20)
    .option('--json', 'one JSON document')
    .action(async (subject: Subject = null, options: ChecksOptions) => {
      if (options.failing === true) return failing(cli, datasetOf(subject, '--failing'), options)
      if (options.rule !== undefined) return trend(cli, { dataset: datasetOf(subject, '--rule'), rule: options.rule }, options)
      return list(cli, subject, options.json === true)
    })
}

function parseSubject(text: string): Subject {
  if (text.includes('#')) return { run: parseRunRef(text) }
  const dataset = datasetIdSchema.safeParse(text)
  if (!dataset.success) throw new InvalidArgumentError('Give a dataset as data_type.zone.name, or a run as data_type#number.')
  return { dataset: dataset.data }
}

function datasetOf(subject: Subject, option: string): string {
  if (subject !== null && 'dataset' in subject) return subject.dataset
  throw new ProblemError('BAD_INPUT', `${option} is about one dataset`, { hint: 'strata checks data_type.zone.name' })
}

async function list(cli: Cli, subject: Subject, json: boolean): Promise<void> {
  const checks: CheckResult[] = await cli.withClient(async (client) => {
    if (subject === null) return client.checks.list({}, { signal: cli.signal })
    return 'run' in subject ? client.checks.ofRun({ run: subject.run }, { signal: cli.signal }) : client.checks.list({ dataset: subject.dataset }, { signal: cli.signal })
  })
  if (json) return cli.out.json(checks)
  if (checks.length === 0) return cli.out.line('No rule was evaluated')
  checkTable(cli, checks, subject !== null && 'dataset' in subject)
  cli.out.note(`${formatCount(checks.filter(({ passed }) => passed).length)} of ${formatCount(checks.length)} hold`)
}

async function trend(cli: Cli, { dataset, rule }: { dataset: string; rule: string }, { limit, json }: ChecksOptions): Promise<void> {
  const { points } = await cli.withClient((client) => client.checks.trend({ dataset, rule, limit }, { signal: cli.signal }))
  if (json === true) return cli.out.json(points)
  if (points.length === 0) return cli.out.line(`${rule} was never evaluated for ${dataset}`)
  trendTable(cli, points)
}

async function failing(cli: Cli, dataset: string, { rule, version, limit, json }: ChecksOptions): Promise<void> {
  const found = await cli.withClient(async (client) => {
    const broken = rule === undefined ? await brokenRules(client, dataset) : [rule]
    const ref = { dataset, ...(version === undefined ? {} : { version }) }
    return Promise.all(broken.map(async (name) => ({ rule: name, ...(await client.checks.failing({ ...ref, rule: name, limit }, { signal: cli.signal })) })))
  })
  if (json === true) return cli.out.json(found.map(({ rule: name, version: of, failingRows, columns, rowsJson }) => ({ rule: name, version: of, failingRows, rows: rowObjects(columns, parseRows(rowsJson)) })))
  if (found.length === 0) return cli.out.line(`No row of ${dataset} breaks a rule`)
  for (const { rule: name, version: of, failingRows, rowCount, columns, rowsJson } of found) {
    cli.out.line(`${cli.out.paint(name, 'bold')}  v${of}  ${formatCount(failingRows)} ${failingRows === 1 ? 'row' : 'rows'}`)
    if (rowCount > 0) cli.out.table(tableColumns(columns), tableCells(parseRows(rowsJson)))
    else cli.out.line('  No rows were kept: the rule is about the table as a whole, or could not be evaluated')
    cli.out.line()
  }
}

async function brokenRules(client: StrataClient, dataset: string): Promise<string[]> {
  const checks = await client.checks.list({ dataset, points: 1 })
  return checks.filter(({ passed }) => !passed).map(({ rule }) => rule)
}

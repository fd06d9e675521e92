import type { Command } from 'commander'
import type { TestReport } from '../../../shared/contract/step-tests.contract.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { formatCount, formatDuration } from '../terminal/figures.ts'
import { type TestLine, testLines } from '../terminal/test-report.ts'

interface TestOptions {
  type?: string
  list?: boolean
  json?: boolean
}

/** `strata test`: runs the tests of SQL steps, each over nothing but its own rows. */
export function addTestCommand(program: Command, cli: Cli): void {
  program
    .command('test')
    .description('run tests of SQL steps: the given rows in pipelines/<data_type>/tests/*.yaml, and the rows that have to come of them')
    .argument('[what...]', 'datasets (data_type.zone.name) or files of tests; without any, all')
    .option('-t, --type <data_type>', 'only those of one data type')
    .option('--list', 'name them instead of running them')
    .option('--json', 'one JSON document')
    .addHelpText('after', '\nEnds with 1 when a test fails or cannot be run.')
    .action(async (what: string[], { type, list, json }: TestOptions) => {
      const choices = choicesOf(what, type)
      if (list === true) return listTests(cli, choices, json === true)
      const reports = await cli.withClient(async (client) => (await Promise.all(choices.map((choice) => client.tests.run(choice, { signal: cli.signal })))).flat())
      if (reports.some(({ status }) => status !== 'passed')) cli.exitWith(EXIT.failed)
      if (json === true) return cli.out.json(reports)
      show(cli, reports)
    })
}

interface Choice {
  dataType?: string
  dataset?: string
  files?: string[]
}

/** Paths have a slash, datasets have none. */
function choicesOf(what: readonly string[], type: string | undefined): Choice[] {
  const ofType = type === undefined ? {} : { dataType: type }
  if (what.length === 0) return [ofType]
  const files = what.filter((name) => name.includes('/'))
  const datasets = what.filter((name) => !name.includes('/'))
  return [...(files.length === 0 ? [] : [{ ...ofType, files }]), ...datasets.map((dataset) => ({ ...ofType, dataset }))]
}

async function listTests(cli: Cli, choices: readonly Choice[], asJson: boolean): Promise<void> {
  const tests = await cli.withClient(async (client) => (await Promise.all(choices.map((choice) => client.tests.list(choice, { signal: cli.signal })))).flat())
  if (asJson) return cli.out.json(tests)
  if (tests.length === 0) return cli.out.line(NONE)
  cli.out.table(
    [{ header: 'step' }, { header: 'test' }, { header: 'what it says', maxWidth: 60 }, { header: 'given', align: 'right' }, { header: 'expected', align: 'right' }],
    tests.map(({ dataset, name, description, given, expected }) => [dataset, { text: name, style: 'bold' as const }, description ?? '', formatCount(given.reduce((sum, { rows }) => sum + rows.length, 0)), formatCount(expected.rows.length)]),
  )
}

const NONE = 'There are no tests. Write one into pipelines/<data_type>/tests/<name>.yaml, or in the window beside its step'

function show({ out }: Cli, reports: readonly TestReport[]): void {
  if (reports.length === 0) return out.line(NONE)
  for (const report of reports) {
    for (const line of testLines(report)) {
      if (typeof line === 'string') out.line(line)
      else showRows(out, line)
    }
  }
  const passed = reports.filter(({ status }) => status === 'passed').length
  const tookMs = Math.max(...reports.map((report) => report.tookMs))
  out.line(`${formatCount(passed)} of ${formatCount(reports.length)} passed in ${formatDuration(tookMs)}`)
}

function showRows(out: Cli['out'], { title, columns, rows, more }: TestLine): void {
  out.line(title)
  out.table(columns.map((header) => ({ header, maxWidth: 40 })), rows.map((row) => row.map((cell) => (cell === null ? { text: 'null', style: 'dim' as const } : cell))))
  if (more > 0) out.line(`  and ${formatCount(more)} more`)
}

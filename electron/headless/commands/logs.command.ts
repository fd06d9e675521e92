import { type Command, CommanderError, Option } from 'commander'
import type { LogHit } from '../../../shared/contract/logs.contract.ts'
import { LOG_LEVELS, type LogLine, type RunRef } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { EXIT } from '../exit-code.ts'
import { parsePositive, parseRunRef } from '../run-ref.ts'
import type { Paint, Style } from '../terminal/paint.ts'
import { plainText } from '../terminal/plain-text.ts'
import { parseDate } from './runs.command.ts'

interface LogsOptions {
  follow?: boolean
  search?: string
  level: LogLine['level']
  since?: string
  until?: string
  limit: number
  json?: boolean
}

/** `strata logs shop#41 -f`, `strata logs --search "out of memory"`: the log of one run, or a text in the logs of many. */
export function addLogsCommand(program: Command, cli: Cli): void {
  program
    .command('logs')
    .description('show the log of a run, follow it, or search logs')
    .argument('[run]', 'data_type#number; with --search also a data type, or nothing for all runs')
    .option('-f, --follow', 'go on until the run has ended')
    .option('--search <text>', 'only lines with the text, in whatever case')
    .addOption(new Option('--level <level>', 'this level and above').choices(LOG_LEVELS).default('debug'))
    .option('--since <date>', 'with --search: of runs queued at or after', parseDate)
    .option('--until <date>', 'with --search: of runs queued before', parseDate)
    .option('-n, --limit <number>', 'lines at most', parsePositive, 1_000)
    .option('--json', 'NDJSON: one line of the log a line')
    .action(async (name: string | undefined, options: LogsOptions) => {
      const isRun = name?.includes('#') === true
      if (!isRun && options.search === undefined) throw usage('Name a run as data_type#number, or give --search')
      if (options.follow === true && options.search !== undefined) throw usage('--follow shows the log as it grows; --search what is there')
      await cli.withClient(async (client) => {
        if (options.search !== undefined) return search({ cli, client }, options.search, { ...options, ...(isRun ? { run: parseRunRef(name) } : name === undefined ? {} : { dataType: name }) })
        await show({ cli, client }, parseRunRef(name ?? ''), options)
      })
    })
}

interface Asking {
  cli: Cli
  client: StrataClient
}

async function search({ cli, client }: Asking, text: string, options: LogsOptions & { run?: RunRef; dataType?: string }): Promise<void> {
  const { level, limit, since, until, run, dataType } = options
  const input = {
    text, level, limit,
    ...(run === undefined ? {} : { run }), ...(dataType === undefined ? {} : { dataType }),
    ...(since === undefined ? {} : { from: since }), ...(until === undefined ? {} : { to: until }),
  }
  let found = 0
  for await (const batch of await client.logs.search(input, { signal: cli.signal })) {
    for (const hit of batch.hits) print(cli, hit, { json: options.json === true, withRun: run === undefined })
    found += batch.hits.length
    if (batch.isTruncated) cli.out.note(`The first ${limit} lines; more with --limit`)
  }
  if (found === 0) cli.out.note(`No line has "${plainText(text)}"`)
}

const ENDINGS: ReadonlySet<string | null> = new Set(FINISHED_RUN_STATES)

async function show({ cli, client }: Asking, run: RunRef, { level, limit, follow = false, json = false }: LogsOptions): Promise<void> {
  const isWanted = ({ level: of }: LogLine): boolean => LOG_LEVELS.indexOf(of) >= LOG_LEVELS.indexOf(level)
  let afterSeq: number | null = null
  const printMore = async (): Promise<void> => {
    const { lines }: { lines: LogLine[] } = await client.runs.logs({ run, limit: Math.min(5_000, limit), ...(afterSeq === null ? {} : { afterSeq }) }, { signal: cli.signal })
    for (const line of lines.filter(isWanted)) print(cli, { run, line }, { json, withRun: false })
    afterSeq = lines.at(-1)?.seq ?? afterSeq ?? 0
  }
  const detail = await client.runs.get({ run }, { signal: cli.signal })
  await printMore()
  if (!follow && afterSeq === 0) cli.out.note(FINISHED_RUN_STATES.has(detail.run.state) ? 'The log of this run is not kept any more' : 'Nothing is written yet')
  if (!follow || FINISHED_RUN_STATES.has(detail.run.state)) return
  for await (const batch of await client.runs.events({ afterSeq: detail.seq }, { signal: cli.signal })) {
    const own = batch.filter((event) => event.dataType === run.dataType && event.runNumber === run.runNumber)
    if (own.length === 0) continue
    await printMore()
    if (own.some((event) => event.kind === 'run' && ENDINGS.has(event.text))) break
  }
  await printMore()
}

const STYLES: Readonly<Record<LogLine['level'], Style>> = { debug: 'dim', info: 'plain', warn: 'yellow', error: 'red' }

function print(cli: Cli, { run, line }: LogHit, { json, withRun }: { json: boolean; withRun: boolean }): void {
  if (json) return cli.out.jsonLine(withRun ? { run, ...line } : line)
  cli.out.line(logText({ run, line }, withRun, cli.out.paint))
}

function logText({ run, line }: LogHit, withRun: boolean, paint: Paint): string {
  const at = new Date(line.at)
  const time = `${withRun ? `${line.at.slice(0, 10)} ` : ''}${at.toTimeString().slice(0, 8)}`
  const where = [withRun ? `${run.dataType}#${run.runNumber}` : '', line.step ?? ''].filter((part) => part !== '').join(' ')
  return `${paint(time, 'dim')} ${paint(line.level.padEnd(5), STYLES[line.level])} ${where === '' ? '' : `${paint(where, 'cyan')} `}${paint(plainText(line.text), STYLES[line.level])}`
}

/** Prints itself as commander's own usage errors do, and ends with the same exit code. */
function usage(message: string): CommanderError {
  process.stderr.write(`error: ${message}\n`)
  return new CommanderError(EXIT.usage, 'strata.usage', message)
}

import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import { dataTypeNameSchema } from '../../../shared/domain/naming.ts'
import type { Schedule } from '../../../shared/contract/schedules.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive, runName } from '../run-ref.ts'
import { formatAge } from '../terminal/figures.ts'

const MOST_TIMES = 50

/** `strata schedule`: what runs by itself, when next, what came of it; and the switch. */
export function addScheduleCommand(program: Command, cli: Cli): void {
  const schedule = program.command('schedule').description('data types that run by themselves: list them, their next times, pause and resume them')
  schedule
    .command('list', { isDefault: true })
    .description('schedules and triggers, the next time, what came of the last')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => list(cli, json === true))
  schedule
    .command('next')
    .description('the times to come')
    .argument('[data_type]', 'only those of a data type', parseDataType)
    .option('-n, --count <number>', 'how many', parsePositive, 10)
    .option('--json', 'one JSON document')
    .action(async (dataType: string | undefined, { count, json }: { count: number; json?: boolean }) => next(cli, { dataType, count, json: json === true }))
  for (const verb of ['pause', 'resume'] as const) {
    schedule
      .command(verb)
      .description(verb === 'pause' ? 'keep a data type from running by itself; what falls due meanwhile is not made up for' : 'let a data type run by itself again')
      .argument('<data_type>', 'which', parseDataType)
      .option('--json', 'one JSON document')
      .action(async (dataType: string, { json }: { json?: boolean }) => {
        const answer = await cli.withClient((client) => client.schedules[verb]({ commandId: randomUUID(), dataType }))
        if (json === true) return cli.out.json(answer)
        cli.out.line(answer.paused === null ? `${dataType} runs by itself again${answer.next[0] === undefined ? '' : `, next ${localTime(answer.next[0])}`}` : `${dataType} is paused`)
      })
  }
}

async function list(cli: Cli, json: boolean): Promise<void> {
  const answer = await cli.withClient((client) => client.schedules.list({ times: 1 }, { signal: cli.signal }))
  if (json) return cli.out.json(answer)
  if (answer.schedules.length === 0) return cli.out.line('Nothing runs by itself. Write schedule or triggers into pipelines/<data_type>/pipeline.yaml')
  const now = Date.now()
  cli.out.table(
    [{ header: 'data type' }, { header: 'runs' }, { header: 'next' }, { header: 'last' }, { header: 'what came of it', maxWidth: 80 }],
    answer.schedules.map((each) => [
      { text: each.dataType, style: 'bold' as const },
      whenText(each),
      each.paused !== null ? { text: 'paused', style: 'yellow' as const } : each.next[0] === undefined ? '' : localTime(each.next[0]),
      each.last === null ? '' : formatAge(each.last.at, now),
      each.last === null ? '' : `${each.last.run === null ? each.last.outcome : `${runName(each.last.run)} ${each.last.run.state}`}: ${each.last.note}`,
    ]),
  )
  if (!answer.isLive) cli.out.note('Nothing starts by itself now: open the window, or leave "strata serve" running')
}

async function next(cli: Cli, { dataType, count, json }: { dataType: string | undefined; count: number; json: boolean }): Promise<void> {
  const { schedules } = await cli.withClient((client) => client.schedules.list({ times: Math.min(count, MOST_TIMES) }, { signal: cli.signal }))
  const times = schedules
    .filter((each) => dataType === undefined || each.dataType === dataType)
    .flatMap((each) => each.next.map((at) => ({ dataType: each.dataType, at, timeZone: each.timeZone })))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(0, count)
  if (json) return cli.out.json(times)
  if (times.length === 0) return cli.out.line('No time to come')
  cli.out.table([{ header: 'when' }, { header: 'data type' }, { header: 'time zone' }], times.map((time) => [localTime(time.at), { text: time.dataType, style: 'bold' as const }, time.timeZone ?? '']))
}

/** "0 6 * * 1 (Europe/Berlin), new files of studies, after drugs". */
function whenText({ cron, timeZone, files, after }: Schedule): string {
  return [
    cron === null ? '' : `${cron} (${timeZone ?? ''})`,
    files.length === 0 ? '' : `new files of ${files.map(({ source }) => source).join(', ')}`,
    after.length === 0 ? '' : `after ${after.join(', ')}`,
  ].filter((part) => part !== '').join('; ')
}

function localTime(at: string): string {
  return new Date(at).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' })
}

function parseDataType(text: string): string {
  if (dataTypeNameSchema.safeParse(text).success) return text
  throw new InvalidArgumentError('Give the name of a data type.')
}

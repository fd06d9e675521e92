import { type Command, InvalidArgumentError, Option } from 'commander'
import { type RunTrigger, triggerSchema } from '../../../shared/contract/runs.contract.ts'
import { flagText } from '../../../shared/domain/run-flags.ts'
import { RUN_STATES, type RunState } from '../../../shared/domain/run-status.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive } from '../run-ref.ts'
import { formatAge, formatCount, formatDuration } from '../terminal/figures.ts'
import { stateCell } from '../terminal/state-mark.ts'
import type { Cell } from '../terminal/table.ts'

interface RunsOptions {
  limit: number
  state?: RunState[]
  trigger?: RunTrigger[]
  text?: string
  since?: string
  until?: string
  json?: boolean
}

/** `strata runs [data_type]`: the latest runs, newest first, narrowed by state, trigger, text and date. */
export function addRunsCommand(program: Command, cli: Cli): void {
  program
    .command('runs')
    .description('list runs, newest first')
    .argument('[data_type]', 'only those of a data type')
    .addOption(new Option('--state <state...>', 'only those in a state').choices(RUN_STATES))
    .addOption(new Option('--trigger <trigger...>', 'only those started by').choices(triggerSchema.options))
    .option('--text <text>', 'only those with the text in number, summary or error')
    .option('--since <date>', 'queued at or after, 2026-11-24 or with a time', parseDate)
    .option('--until <date>', 'queued before', parseDate)
    .option('-n, --limit <number>', 'how many at most', parsePositive, 20)
    .option('--json', 'one JSON document')
    .action(async (dataType: string | undefined, options: RunsOptions) => {
      const input = filterOf(dataType, options)
      const list = await cli.withClient((client) => client.runs.list(input, { signal: cli.signal }))
      if (options.json === true) return cli.out.json(list)
      if (list.runs.length === 0) return cli.out.line(nothing(dataType, Object.keys(input).length > (dataType === undefined ? 1 : 2)))
      const now = Date.now()
      cli.out.table(
        [{ header: 'run' }, { header: 'state' }, { header: 'rows', align: 'right' }, { header: 'took', align: 'right' }, { header: 'queued' }, { header: 'unusual', maxWidth: 60 }, { header: 'summary', maxWidth: 80 }],
        list.runs.map((run): Cell[] => [
          { text: `${run.dataType}#${run.runNumber}`, style: 'bold' },
          stateCell(run.state, run.degraded),
          formatCount(run.rowsOut),
          formatDuration(run.durationMs),
          formatAge(run.queuedAt, now),
          { text: run.flags.slice(0, 1).map(flagText).join(''), style: 'yellow' },
          run.summary,
        ]),
      )
      if (list.total > list.runs.length) cli.out.note(`${formatCount(list.runs.length)} of ${formatCount(list.total)}; more with --limit`)
    })
}

function filterOf(dataType: string | undefined, { limit, state, trigger, text, since, until }: RunsOptions) {
  return {
    limit,
    ...(dataType === undefined ? {} : { dataType }),
    ...(state === undefined ? {} : { states: state }),
    ...(trigger === undefined ? {} : { triggers: trigger }),
    ...(text === undefined ? {} : { text }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  }
}

function nothing(dataType: string | undefined, isNarrowed: boolean): string {
  if (isNarrowed) return 'No run matches'
  return dataType === undefined ? 'No runs yet. Start one with: strata run <data_type>' : `No runs of ${dataType} yet`
}

/** For commander: a day in local time, or a time; as ISO text. */
export function parseDate(text: string): string {
  const at = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text)
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('Write a date as 2026-11-24, or 2026-11-24T18:00.')
  return at.toISOString()
}

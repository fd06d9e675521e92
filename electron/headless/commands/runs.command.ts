import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { parsePositive } from '../run-ref.ts'
import { formatAge, formatCount, formatDuration } from '../terminal/figures.ts'
import { stateCell } from '../terminal/state-mark.ts'

/** `strata runs [data_type]`: the latest runs, newest first. */
export function addRunsCommand(program: Command, cli: Cli): void {
  program
    .command('runs')
    .description('list runs, newest first')
    .argument('[data_type]', 'only those of a data type')
    .option('-n, --limit <number>', 'how many at most', parsePositive, 20)
    .option('--json', 'one JSON document')
    .action(async (dataType: string | undefined, { limit, json }: { limit: number; json?: boolean }) => {
      const list = await cli.withClient((client) => client.runs.list({ limit, ...(dataType === undefined ? {} : { dataType }) }, { signal: cli.signal }))
      if (json === true) return cli.out.json(list)
      if (list.runs.length === 0) return cli.out.line(dataType === undefined ? 'No runs yet. Start one with: strata run <data_type>' : `No runs of ${dataType} yet`)
      const now = Date.now()
      cli.out.table(
        [{ header: 'run' }, { header: 'state' }, { header: 'rows', align: 'right' }, { header: 'took', align: 'right' }, { header: 'queued' }, { header: 'summary', maxWidth: 80 }],
        list.runs.map((run) => [
          { text: `${run.dataType}#${run.runNumber}`, style: 'bold' },
          stateCell(run.state, run.degraded),
          formatCount(run.rowsOut),
          formatDuration(run.durationMs),
          formatAge(run.queuedAt, now),
          run.summary,
        ]),
      )
      if (list.total > list.runs.length) cli.out.note(`${formatCount(list.runs.length)} of ${formatCount(list.total)}; more with --limit`)
    })
}

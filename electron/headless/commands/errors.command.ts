import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { parsePositive } from '../run-ref.ts'
import { formatAge, formatCount } from '../terminal/figures.ts'

interface ErrorsOptions {
  text?: string
  limit: number
  json?: boolean
}

/** `strata errors [data_type]`: the same error over entities and runs, with when it was first and last seen. */
export function addErrorsCommand(program: Command, cli: Cli): void {
  program
    .command('errors')
    .description('group failures of entities and runs by cause, last seen first')
    .argument('[data_type]', 'only those of a data type')
    .option('--text <text>', 'only causes with the text in message or dataset')
    .option('-n, --limit <number>', 'how many at most', parsePositive, 20)
    .option('--json', 'one JSON document')
    .action(async (dataType: string | undefined, { text, limit, json }: ErrorsOptions) => {
      const input = { limit, ...(dataType === undefined ? {} : { dataType }), ...(text === undefined ? {} : { text }) }
      const { total, groups } = await cli.withClient((client) => client.history.errors(input, { signal: cli.signal }))
      if (json === true) return cli.out.json({ total, groups })
      if (groups.length === 0) return cli.out.line(text === undefined ? 'Nothing has failed' : 'No cause matches')
      const now = Date.now()
      cli.out.table(
        [{ header: 'last seen' }, { header: 'first seen' }, { header: 'entities', align: 'right' }, { header: 'runs', align: 'right' }, { header: 'class' }, { header: 'last run' }, { header: 'cause', maxWidth: 100 }],
        groups.map((group) => [
          formatAge(group.lastSeen, now),
          formatAge(group.firstSeen, now),
          formatCount(group.entities),
          formatCount(group.runs),
          group.errorClass ?? '',
          { text: `${group.lastRun.dataType}#${group.lastRun.runNumber}`, style: 'bold' },
          group.signature,
        ]),
      )
      if (total > groups.length) cli.out.note(`${formatCount(groups.length)} of ${formatCount(total)}; more with --limit`)
    })
}

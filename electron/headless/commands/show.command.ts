import { type Command, CommanderError } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { parsePositive, parseRunRef } from '../run-ref.ts'
import { groupHead, groupLines } from '../terminal/group-report.ts'
import { afterwordLines, deliveryLines, flagLines, planChangeLines, runHead, stepLines } from '../terminal/run-report.ts'

interface ShowOptions {
  group?: number
  json?: boolean
}

/** `strata show prevalence#41`: everything about one run; --group, how the runs of a group stand to each other. */
export function addShowCommand(program: Command, cli: Cli): void {
  program
    .command('show')
    .description('show one run: steps, checks, deliveries, what went wrong; or a group of runs')
    .argument('[run]', 'data_type#number', parseRunRef)
    .option('--group <number>', 'the runs of this group: their order, states and what waits for what', parsePositive)
    .option('--json', 'one JSON document')
    .action(async (run: RunRef | undefined, { group, json = false }: ShowOptions) => {
      if ((run === undefined) === (group === undefined)) {
        process.stderr.write('error: Name one run, or give --group\n')
        throw new CommanderError(EXIT.usage, 'strata.usage', 'Name one run, or give --group')
      }
      if (group !== undefined) await showGroup(cli, group, json)
      if (run !== undefined) await showRun(cli, run, json)
    })
}

async function showRun(cli: Cli, run: RunRef, json: boolean): Promise<void> {
  const detail = await cli.withClient((client) => client.runs.get({ run }, { signal: cli.signal }))
  if (json) return cli.out.json(detail)
  const { paint } = cli.out
  const now = Date.now()
  const lines = [runHead(detail.run, paint, now), ...planChangeLines(detail.planChanges, paint), ...flagLines(detail.run, paint), '', ...stepLines(detail.steps, paint, now), ...deliveryLines(detail, paint), ...afterwordLines(detail, paint)]
  for (const line of lines) cli.out.line(line)
}

async function showGroup(cli: Cli, group: number, json: boolean): Promise<void> {
  const answer = await cli.withClient((client) => client.groups.get({ group }, { signal: cli.signal }))
  if (json) return cli.out.json(answer)
  for (const line of [groupHead(answer, cli.out.paint), '', ...groupLines(answer, cli.out.paint, Date.now())]) cli.out.line(line)
}

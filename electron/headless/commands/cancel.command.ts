import { type Command, CommanderError } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { parsePositive, parseRunRef, runName } from '../run-ref.ts'

/** `strata cancel prevalence#41`: stops a run that waits or runs in the Strata that has the workspace open; --group, all runs of a group. */
export function addCancelCommand(program: Command, cli: Cli): void {
  program
    .command('cancel')
    .description('cancel a run that waits or runs; nothing of it is published')
    .argument('[run]', 'data_type#number', parseRunRef)
    .option('--group <number>', 'every run of this group that is not finished', parsePositive)
    .option('--json', 'one JSON document')
    .action(async (ref: RunRef | undefined, { group, json }: { group?: number; json?: boolean }) => {
      if ((ref === undefined) === (group === undefined)) {
        process.stderr.write('error: Name one run, or give --group\n')
        throw new CommanderError(EXIT.usage, 'strata.usage', 'Name one run, or give --group')
      }
      await cli.withClient(async (client) => {
        if (ref !== undefined) {
          const run = await client.runs.cancel({ run: ref })
          return json === true ? cli.out.json(run) : cli.out.line(`${runName(ref)} ${run.state === 'cancelled' ? 'is cancelled' : 'is being cancelled'}`)
        }
        if (group === undefined) return
        const answer = await client.groups.cancel({ group })
        if (json === true) return cli.out.json(answer)
        for (const run of answer.runs) cli.out.line(`${runName(run)} ${run.state}`)
      })
    })
}

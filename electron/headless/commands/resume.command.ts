import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { parseRunRef } from '../run-ref.ts'
import { createRunView } from '../terminal/run-view.ts'

/** `strata resume prevalence#41`: goes on with an interrupted, failed or cancelled run under its own number. */
export function addResumeCommand(program: Command, cli: Cli): void {
  program
    .command('resume')
    .description('go on with an interrupted, failed or cancelled run: what succeeded stays')
    .argument('<run>', 'data_type#number', parseRunRef)
    .option('--json', 'NDJSON: one object a line for the start, each event and the end')
    .action(async (ref: RunRef, { json = false }: { json?: boolean }) => {
      await cli.withClient(async (client) => {
        await client.runs.resume({ commandId: randomUUID(), run: ref })
        cli.exitWith(runExitCode(await followRun({ cli, client, ref, view: createRunView(cli.out, json) })))
      })
    })
}

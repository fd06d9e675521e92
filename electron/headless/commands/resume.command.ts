import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { parseRunRef } from '../run-ref.ts'
import { createRunView } from '../terminal/run-view.ts'

/** `strata resume prevalence#41`, `strata retry` for who thinks of what failed: goes on with a finished run under its own number. */
export function addResumeCommand(program: Command, cli: Cli): void {
  program
    .command('resume')
    .alias('retry')
    .description('go on with a run under its own number: what succeeded stays, what failed and what an edit touches is done again')
    .argument('<run>', 'data_type#number', parseRunRef)
    .option('--from <dataset>', 'do this step again, and everything that reads it')
    .option('--force', 'also where nothing changed')
    .option('--json', 'NDJSON: one object a line for the start, each event and the end')
    .action(async (ref: RunRef, { from, force, json = false }: { from?: string; force?: boolean; json?: boolean }) => {
      await cli.withClient(async (client) => {
        const redo = { ...(from === undefined ? {} : { from: wholeName(ref, from) }), ...(force === undefined ? {} : { force }) }
        await client.runs.resume({ commandId: randomUUID(), run: ref, ...redo })
        cli.exitWith(runExitCode(await followRun({ cli, client, ref, view: createRunView(cli.out, json) })))
      })
    })
}

/** The data type of the run may be left out. */
function wholeName({ dataType }: RunRef, dataset: string): string {
  return dataset.split('.').length === 2 ? `${dataType}.${dataset}` : dataset
}

import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { parseRunRef } from '../run-ref.ts'
import { createRunView } from '../terminal/run-view.ts'

/** `strata override drugs#41 drugs.curated.drugs "not_null(name)" --reason "..."`: lets a version pass in spite of a rule that blocks. */
export function addOverrideCommand(program: Command, cli: Cli): void {
  program
    .command('override')
    .description('let a version pass in spite of a rule that blocks; when it was the last one, the run goes on')
    .argument('<run>', 'data_type#number', parseRunRef)
    .argument('<dataset>', 'data_type.zone.name')
    .argument('<rule>', 'as "strata show" names it, for example not_null(name)')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--json', 'NDJSON: the answer, then one object a line for the start, each event and the end')
    .action(async (...[ref, dataset, rule, { reason, json = false }]: [RunRef, string, string, { reason: string; json?: boolean }]) => {
      await cli.withClient(async (client) => {
        const { run, stillBlocking } = await client.interventions.override({ commandId: randomUUID(), run: ref, dataset, rule, reason })
        if (json) cli.out.jsonLine({ type: 'overridden', run, stillBlocking })
        if (stillBlocking.length > 0) {
          if (!json) {
            cli.out.line(`${dataset} may pass in spite of ${rule}. Still blocked by:`)
            for (const blocking of stillBlocking) cli.out.line(`  ${blocking.dataset}  ${blocking.rule}`)
          }
          return cli.exitWith(EXIT.blocked)
        }
        cli.exitWith(runExitCode(await followRun({ cli, client, ref, view: createRunView(cli.out, json) })))
      })
    })
}

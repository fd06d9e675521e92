import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { parseRunRef } from '../run-ref.ts'
import { runHead } from '../terminal/run-report.ts'
import { createRunView } from '../terminal/run-view.ts'

interface Decision {
  gate?: string
  reason?: string
  json?: boolean
}

/** `strata approve prevalence#41`: lets a run go on that waits at a gate, and shows how it goes on. */
export function addApproveCommand(program: Command, cli: Cli): void {
  program
    .command('approve')
    .description('let a run go on that waits at a gate')
    .argument('<run>', 'data_type#number', parseRunRef)
    .option('--gate <name>', 'the gate; without it, the one that the run waits at')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--json', 'NDJSON: one object a line for the start, each event and the end')
    .action(async (run: RunRef, { gate, reason, json = false }: Decision) => {
      await cli.withClient(async (client) => {
        await client.gates.approve({ commandId: randomUUID(), run, ...(gate === undefined ? {} : { gate }), ...(reason === undefined ? {} : { reason }) })
        cli.exitWith(runExitCode(await followRun({ cli, client, ref: run, view: createRunView(cli.out, json) })))
      })
    })
}

/** `strata reject prevalence#41 --reason "..."`: ends a run that waits at a gate; nothing is published. */
export function addRejectCommand(program: Command, cli: Cli): void {
  program
    .command('reject')
    .description('end a run that waits at a gate: it fails with the reason, and nothing is published')
    .argument('<run>', 'data_type#number', parseRunRef)
    .requiredOption('--reason <text>', 'why, for the run and the audit trail')
    .option('--gate <name>', 'the gate; without it, the one that the run waits at')
    .option('--json', 'one JSON document')
    .action(async (ref: RunRef, { gate, reason = '', json = false }: Decision) => {
      const run = await cli.withClient((client) => client.gates.reject({ commandId: randomUUID(), run: ref, reason, ...(gate === undefined ? {} : { gate }) }))
      if (json) return cli.out.json(run)
      cli.out.line(runHead(run, cli.out.paint, Date.now()))
    })
}

import type { Command } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parseRunRef } from '../run-ref.ts'
import { afterwordLines, deliveryLines, flagLines, planChangeLines, runHead, stepLines } from '../terminal/run-report.ts'

/** `strata show prevalence#41`: everything about one run. */
export function addShowCommand(program: Command, cli: Cli): void {
  program
    .command('show')
    .description('show one run: steps, checks, deliveries, what went wrong')
    .argument('<run>', 'data_type#number', parseRunRef)
    .option('--json', 'one JSON document')
    .action(async (run: RunRef, { json }: { json?: boolean }) => {
      const detail = await cli.withClient((client) => client.runs.get({ run }, { signal: cli.signal }))
      if (json === true) return cli.out.json(detail)
      const { paint } = cli.out
      const now = Date.now()
      const lines = [runHead(detail.run, paint, now), ...planChangeLines(detail.planChanges, paint), ...flagLines(detail.run, paint), '', ...stepLines(detail.steps, paint, now), ...deliveryLines(detail, paint), ...afterwordLines(detail, paint)]
      for (const line of lines) cli.out.line(line)
    })
}

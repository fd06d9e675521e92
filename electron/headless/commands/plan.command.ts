import type { Command } from 'commander'
import type { Cli } from '../cli-session.ts'
import { requireDataType } from '../require-data-type.ts'
import { addSelectionOptions, planRequest, type SelectionOptions } from '../selection-options.ts'
import { planLines } from '../terminal/plan-report.ts'

/** `strata plan <data_type>`: what a run would do and why, without doing it. */
export function addPlanCommand(program: Command, cli: Cli): void {
  addSelectionOptions(program.command('plan').description('show what a run would do and why, and what it would take, without running').argument('<data_type>', 'what would run'))
    .option('--json', 'one JSON document; its "hash" can be given to: strata run --plan')
    .action(async (dataType: string, { json, ...selection }: SelectionOptions & { json?: boolean }) => {
      const plan = await cli.withClient(async (client) => {
        await requireDataType(client, dataType)
        return client.runs.plan(planRequest(dataType, selection), { signal: cli.signal })
      })
      if (json === true) return cli.out.json(plan)
      for (const line of planLines(plan, cli.out.paint)) cli.out.line(line)
    })
}

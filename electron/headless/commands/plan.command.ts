import type { Command } from 'commander'
import type { PlanRequest } from '../../../shared/contract/plan.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive } from '../run-ref.ts'
import { requireDataType } from '../require-data-type.ts'
import { addSelectionOptions, planRequest, type SelectionOptions } from '../selection-options.ts'
import { formatCount } from '../terminal/figures.ts'
import { planLines } from '../terminal/plan-report.ts'

/** `strata plan <data_type>`: what a run would do and why, without doing it. */
export function addPlanCommand(program: Command, cli: Cli): void {
  addSelectionOptions(program.command('plan').description('show what a run would do and why, and what it would take, without running').argument('<data_type>', 'what would run'))
    .option('--entities <step>', 'the entities that this step would work on, and why each')
    .option('--limit <number>', 'how many of them at most', parsePositive, 50)
    .option('--json', 'one JSON document; its "hash" can be given to: strata run --plan')
    .action(async (dataType: string, { json = false, entities, limit, ...selection }: SelectionOptions & { json?: boolean; entities?: string; limit: number }) => {
      if (entities !== undefined) return showEntities(cli, { ...planRequest(dataType, selection), dataset: entities, limit }, json)
      const plan = await cli.withClient(async (client) => {
        await requireDataType(client, dataType)
        return client.runs.plan(planRequest(dataType, selection), { signal: cli.signal })
      })
      if (json) return cli.out.json(plan)
      for (const line of planLines(plan, cli.out.paint)) cli.out.line(line)
    })
}

async function showEntities(cli: Cli, request: PlanRequest & { dataset: string; limit: number }, json: boolean): Promise<void> {
  const page = await cli.withClient((client) => client.runs.planEntities(request, { signal: cli.signal }))
  if (json) return cli.out.json(page)
  if (!page.known) return cli.out.line('What it reads has yet to be made, so its entities cannot be known')
  if (page.entities.length > 0) cli.out.table([{ header: 'entity' }, { header: 'why', maxWidth: 110 }], page.entities.map(({ entityId, reason }) => [{ text: entityId, style: 'bold' }, reason]))
  cli.out.line(`${formatCount(page.todo)} of ${formatCount(page.total)} entities to do`)
}

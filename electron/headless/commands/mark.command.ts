import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { type MarkKind, markKindSchema, type RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { parseRunRef } from '../run-ref.ts'
import { runHead } from '../terminal/run-report.ts'
import { createRunView } from '../terminal/run-view.ts'

interface MarkOptions {
  as: MarkKind
  reason: string
  resume?: boolean
  json?: boolean
}

const AFTERWORD = `
With entities, those are marked, else the step itself.
  accepted  entities: stay failed, are not tried again and count against no limit; a step: its version counts in spite of rules that block
  skipped   entities: need no result; a step: left out of the run, others read what is published of it
  retry     pending again`

/** `strata mark drugs#41 drugs.processed.prices DRG-1 DRG-2 --as accepted --reason "..."`. */
export function addMarkCommand(program: Command, cli: Cli): void {
  program
    .command('mark')
    .description('mark entities or a step of a run that has stopped as accepted, skipped or to be retried')
    .argument('<run>', 'data_type#number', parseRunRef)
    .argument('<dataset>', 'the step that makes data_type.zone.name')
    .argument('[entity...]', 'entities of an entity step')
    .addOption(new Option('--as <mark>', 'what it counts as from now on').choices(markKindSchema.options).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--resume', 'go on with the run at once')
    .option('--json', 'one JSON document; with --resume NDJSON')
    .addHelpText('after', AFTERWORD)
    .action(async (...[ref, dataset, entities, { as, reason, resume = false, json = false }]: [RunRef, string, string[], MarkOptions]) => {
      await cli.withClient(async (client) => {
        const request = { commandId: randomUUID(), run: ref, dataset, as, reason, resume }
        const answer = entities.length > 0 ? await client.interventions.markEntities({ ...request, entities }) : { run: await client.interventions.markStep(request), marked: null }
        if (resume) return cli.exitWith(runExitCode(await followRun({ cli, client, ref, view: createRunView(cli.out, json) })))
        if (json) return cli.out.json(answer)
        cli.out.line(runHead(answer.run, cli.out.paint, Date.now()))
        cli.out.line(`${answer.marked === null ? dataset : `${answer.marked} ${answer.marked === 1 ? 'entity' : 'entities'} of ${dataset}`} marked ${as === 'retry' ? 'to be retried' : as}`)
      })
    })
}

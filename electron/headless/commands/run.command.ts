import { randomUUID } from 'node:crypto'
import { type Command, CommanderError, Option } from 'commander'
import type { PlanRequest } from '../../../shared/contract/plan.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { RUN_PRIORITIES, type RunPriority } from '../../../shared/domain/run-priority.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { EXIT } from '../exit-code.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { requireDataType } from '../require-data-type.ts'
import { runAll } from '../run-all.ts'
import { addSelectionOptions, isNarrowed, planRequest, type SelectionOptions } from '../selection-options.ts'
import { createRunView } from '../terminal/run-view.ts'

interface RunOptions extends SelectionOptions {
  all?: boolean
  plan?: string
  priority?: RunPriority
  detach?: boolean
  json?: boolean
}

/** `strata run <data_type>`: one run, shown until it is finished; with --all, one of every data type. */
export function addRunCommand(program: Command, cli: Cli): void {
  addSelectionOptions(program.command('run').description('run the pipeline of a data type and show how it goes').argument('[data_type]', 'what to run'))
    .option('--all', 'every data type, one run each, in the order in which they read each other')
    .option('--plan <hash>', 'start only if what would be done is still what that plan said')
    .addOption(new Option('--priority <level>', 'before or after others that wait').choices(RUN_PRIORITIES).default('normal'))
    .option('--detach', 'start it in the Strata that has the workspace open, print its number, and do not wait for it')
    .option('--json', 'NDJSON: one object a line for the start, each event and the end')
    .action(async (dataType: string | undefined, options: RunOptions) => {
      const { all = false, plan, priority, json = false } = options
      if (all === (dataType !== undefined)) throw usage('Name one data type, or give --all')
      if (all && (isNarrowed(options) || options.force === true || plan !== undefined)) throw usage('--step, --from, --only, --force, --param, --entity and --plan are about the run of one data type: name it instead of --all')
      await cli.withClient(async (client, attachedTo) => {
        if (options.detach === true && attachedTo === null) throw nobodyToLeaveItTo()
        if (dataType === undefined) await runAll({ cli, client, json, priority, detach: options.detach === true })
        else if (options.detach === true) await startOne({ cli, client, request: planRequest(dataType, options), plan, priority, json })
        else await runOne({ cli, client, request: planRequest(dataType, options), plan, priority, json })
      })
    })
}

interface OneRun {
  cli: Cli
  client: StrataClient
  request: PlanRequest
  plan: string | undefined
  priority: RunPriority | undefined
  json: boolean
}

async function queue({ client, request, plan, priority }: OneRun): Promise<RunRef> {
  await requireDataType(client, request.dataType)
  return client.runs.start({ commandId: randomUUID(), ...request, trigger: 'cli', ...(plan === undefined ? {} : { planHash: plan }), ...(priority === undefined ? {} : { priority }) })
}

async function startOne(run: OneRun): Promise<void> {
  const ref = await queue(run)
  if (run.json) run.cli.out.json(ref)
  else run.cli.out.line(`${ref.dataType}#${ref.runNumber}`)
}

function nobodyToLeaveItTo(): ProblemError {
  return new ProblemError('CONFLICT', 'No Strata has this workspace open, so a run would end with this command', { hint: 'Start one with: strata serve. Or leave --detach out' })
}

async function runOne(run: OneRun): Promise<void> {
  const { cli, client, json } = run
  const ref = await queue(run)
  const detail = await followRun({ cli, client, ref, view: createRunView(cli.out, json) })
  cli.exitWith(runExitCode(detail))
}

/** Prints itself as commander's own usage errors do, and ends with the same exit code. */
function usage(message: string): CommanderError {
  process.stderr.write(`error: ${message}\n`)
  return new CommanderError(EXIT.usage, 'strata.usage', message)
}

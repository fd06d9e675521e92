import { randomUUID } from 'node:crypto'
import { type Command, CommanderError, Option } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { closestName } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { RUN_PRIORITIES, type RunPriority } from '../../../shared/domain/run-priority.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { EXIT } from '../exit-code.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { runAll } from '../run-all.ts'
import { createRunView } from '../terminal/run-view.ts'

interface RunOptions {
  all?: boolean
  entity?: string[]
  priority?: RunPriority
  detach?: boolean
  json?: boolean
}

/** `strata run <data_type>`: one run, shown until it is finished; with --all, one of every data type. */
export function addRunCommand(program: Command, cli: Cli): void {
  program
    .command('run')
    .description('run the pipeline of a data type and show how it goes')
    .argument('[data_type]', 'what to run')
    .option('--all', 'every data type, one run each, in the order in which they read each other')
    .option('--entity <id...>', 'only these entities')
    .addOption(new Option('--priority <level>', 'before or after others that wait').choices(RUN_PRIORITIES).default('normal'))
    .option('--detach', 'start it in the Strata that has the workspace open, print its number, and do not wait for it')
    .option('--json', 'NDJSON: one object a line for the start, each event and the end')
    .action(async (dataType: string | undefined, options: RunOptions) => {
      const { all = false, entity, priority, json = false } = options
      if (all === (dataType !== undefined)) throw usage('Name one data type, or give --all')
      if (all && entity !== undefined) throw usage('--entity narrows the run of one data type: name it instead of --all')
      await cli.withClient(async (client, attachedTo) => {
        if (options.detach === true && attachedTo === null) throw nobodyToLeaveItTo()
        if (dataType === undefined) await runAll({ cli, client, json, priority, detach: options.detach === true })
        else if (options.detach === true) await startOne({ cli, client, dataType, entities: entity, priority, json })
        else await runOne({ cli, client, dataType, entities: entity, priority, json })
      })
    })
}

interface OneRun {
  cli: Cli
  client: StrataClient
  dataType: string
  entities?: string[] | undefined
  priority: RunPriority | undefined
  json: boolean
}

async function queue({ client, dataType, entities, priority }: OneRun): Promise<RunRef> {
  await requireDataType(client, dataType)
  return client.runs.start({ commandId: randomUUID(), dataType, trigger: 'cli', ...(entities === undefined ? {} : { entities }), ...(priority === undefined ? {} : { priority }) })
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

async function requireDataType(client: StrataClient, name: string): Promise<void> {
  const { dataTypes } = await client.workspace.get()
  const names = dataTypes.map((dataType) => dataType.name)
  if (names.includes(name)) return
  const meant = closestName(name, names)
  throw new ProblemError('NOT_FOUND', `There is no data type ${name} in this workspace`, {
    hint: meant === null ? `It has: ${names.join(', ')}` : `Did you mean ${meant}?`,
  })
}

/** Prints itself as commander's own usage errors do, and ends with the same exit code. */
function usage(message: string): CommanderError {
  process.stderr.write(`error: ${message}\n`)
  return new CommanderError(EXIT.usage, 'strata.usage', message)
}

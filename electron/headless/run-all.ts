import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Run, RunRef } from '../../shared/contract/runs.contract.ts'
import { orderDataTypes } from '../../shared/domain/data-type-order.ts'
import type { RunPriority } from '../../shared/domain/run-priority.ts'
import type { Cli } from './cli-session.ts'
import type { StrataClient } from './client.ts'
import { EXIT } from './exit-code.ts'
import { followRun, runExitCode } from './follow-run.ts'
import { createRunView } from './terminal/run-view.ts'

const LOOK_EVERY_MS = 20

interface RunAll {
  cli: Cli
  client: StrataClient
  priority: RunPriority | undefined
  /** Only start it. */
  detach: boolean
  json: boolean
}

/** Every data type as one group, shown run after run in the order in which they read each other. Ctrl+C cancels the whole group. */
export async function runAll({ cli, client, priority, detach, json }: RunAll): Promise<void> {
  const started = await client.runs.startAll({ commandId: randomUUID(), trigger: 'cli', ...(priority === undefined ? {} : { priority }) })
  for (const { dataType, reason } of started.leftOut) {
    cli.out.note(`${dataType} is left out: ${reason}`)
    cli.exitWith(EXIT.failed)
  }
  if (detach) return json ? cli.out.json(started) : cli.out.line(started.runs.map((run) => `${run.dataType}#${run.runNumber}`).join(' '))
  const cancel = async (): Promise<void> => {
    const { runs } = await client.groups.get({ group: started.group })
    if (runs.some(({ finishedAt }) => finishedAt === null)) await client.groups.cancel({ group: started.group })
  }
  const reads = new Map(orderDataTypes((await client.workspace.get()).dataTypes).map((dataType) => [dataType.name, dataType.reads]))
  const ends = new Map<string, End>()
  for (const ref of started.runs) {
    const sources = (reads.get(ref.dataType) ?? []).map((read) => ends.get(read))
    if (sources.includes('at gate')) cli.out.note(`${ref.dataType} waits too: it reads what waits for approval`)
    ends.set(ref.dataType, sources.includes('at gate') ? 'at gate' : await follow({ cli, client, ref, json, cancel, isLeftOut: sources.includes('broken') }))
  }
}

type End = 'succeeded' | 'broken' | 'at gate'

interface Follow {
  cli: Cli
  client: StrataClient
  ref: RunRef
  json: boolean
  cancel: () => Promise<void>
  /** A run that it reads did not succeed. */
  isLeftOut: boolean
}

/** A run that is left out is told in a line: it never began. */
async function follow({ cli, client, ref, json, cancel, isLeftOut }: Follow): Promise<End> {
  let { run } = await client.runs.get({ run: ref })
  // The queue leaves it out in the moment after the one before has failed.
  while (isLeftOut && run.finishedAt === null && !cli.signal.aborted) {
    await delay(LOOK_EVERY_MS)
    run = (await client.runs.get({ run: ref })).run
  }
  const source = leftOutBy(run)
  if (source !== null) {
    if (json) cli.out.jsonLine({ type: 'left_out', run: ref, reads: source })
    cli.out.note(`${ref.dataType} is left out: it reads ${source}, which has no new data`)
    return 'broken'
  }
  const detail = await followRun({ cli, client, ref, view: createRunView(cli.out, json), cancel })
  cli.exitWith(runExitCode(detail))
  if (!json) cli.out.line()
  return detail.run.state === 'waiting' ? 'at gate' : detail.run.state === 'succeeded' ? 'succeeded' : 'broken'
}

/** The data type whose failure kept a run from starting. */
function leftOutBy({ problem }: Run): string | null {
  const { leftOut, reads } = problem?.details ?? {}
  return leftOut === true && typeof reads === 'string' ? reads : null
}

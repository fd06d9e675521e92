import type { EngineEvent, RunDetail, RunRef } from '../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../shared/domain/run-status.ts'
import type { Cli } from './cli-session.ts'
import type { StrataClient } from './client.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { RunView } from './terminal/run-view.ts'

interface Follow {
  cli: Cli
  client: StrataClient
  ref: RunRef
  view: RunView
  /** What Ctrl+C does; the run is cancelled when this says nothing. */
  cancel?: () => Promise<unknown>
}

const isAtRest = ({ run }: RunDetail): boolean => FINISHED_RUN_STATES.has(run.state) || run.state === 'waiting'

/** Shows a run until it is finished, or waits for a person. Ctrl+C cancels the run, and the wait goes on until it has really ended. */
export async function followRun({ cli, client, ref, view, cancel = () => client.runs.cancel({ run: ref }) }: Follow): Promise<RunDetail> {
  const onAbort = (): void => {
    view.remark(`Cancelling ${ref.dataType} #${ref.runNumber}; once more ends the program at once`)
    // A run that finished in the same moment cannot be cancelled any more, and that is no failure.
    cancel().catch((error: unknown) => view.remark(error instanceof Error ? error.message : String(error)))
  }
  if (cli.signal.aborted) onAbort()
  cli.signal.addEventListener('abort', onAbort, { once: true })
  try {
    let detail = await client.runs.get({ run: ref })
    view.update(detail)
    if (!isAtRest(detail)) {
      for await (const batch of await client.runs.events({ afterSeq: detail.seq })) {
        const own = batch.filter((event: EngineEvent) => event.dataType === ref.dataType && event.runNumber === ref.runNumber)
        if (own.length === 0) continue
        view.events(own)
        detail = await client.runs.get({ run: ref })
        view.update(detail)
        if (isAtRest(detail)) break
      }
    }
    view.finish(detail)
    return detail
  } finally {
    cli.signal.removeEventListener('abort', onAbort)
    view.close()
  }
}

/** How the process ends after a run that ended like this. */
export function runExitCode({ run }: RunDetail): ExitCode {
  if (run.state === 'succeeded') return EXIT.done
  if (run.state === 'cancelled') return EXIT.cancelled
  if (run.state === 'waiting') return EXIT.waiting
  return run.problem?.code === 'CHECK_BLOCKED' ? EXIT.blocked : EXIT.failed
}

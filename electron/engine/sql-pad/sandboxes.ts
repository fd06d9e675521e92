import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { createTurns } from '../query/turns.ts'
import type { OpInput, OpName, OpOutput } from '../workers/wire.ts'
import type { CallOptions, WorkerClient } from '../workers/worker-client.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'

/** Queries at once, each in a process of its own; they share the memory of looking at data. */
export const SANDBOXES = 2

type SandboxOptions = Pick<CallOptions, 'signal' | 'onProgress'>

export interface Sandboxes {
  /** Starts a process before it is needed: somebody is about to type. */
  warm(): void
  /** Waits for its turn, then runs in a process where nothing else does. */
  run<N extends OpName<'sandbox'>>(op: N, input: OpInput<'sandbox', N>, options: SandboxOptions): Promise<OpOutput<'sandbox', N>>
}

/** After these the process is gone, or may not be trusted to have given back what it took. */
const ENDS_PROCESS = new Set(['WORKER_CRASHED', 'TIMEOUT', 'OUT_OF_MEMORY', 'INTERNAL'])
const NEVER = new AbortController().signal

export function createSandboxes(workers: WorkerPool): Sandboxes {
  const turns = createTurns(SANDBOXES)
  const once = async <N extends OpName<'sandbox'>>(op: N, input: OpInput<'sandbox', N>, options: SandboxOptions): Promise<OpOutput<'sandbox', N>> => {
    const worker: WorkerClient<'sandbox'> = workers.take('sandbox')
    try {
      const answer = await worker.call(op, input, options)
      workers.release(worker)
      return answer
    } catch (error) {
      if (ENDS_PROCESS.has(toProblem(error).code)) worker.kill()
      else workers.release(worker)
      throw error
    }
  }
  return {
    warm: () => workers.release(workers.take('sandbox')),
    run: (op, input, options) =>
      turns(options.signal ?? NEVER, async () => {
        try {
          return await once(op, input, options)
        } catch (error) {
          if (toProblem(error).code !== 'WORKER_CRASHED') throw error
          // A process that was kept warm may have died of something else; a query changes nothing, so it may be asked once more.
          return await once(op, input, options).catch((again: unknown) => Promise.reject(endedProblem(again)))
        }
      }),
  }
}

function endedProblem(error: unknown): unknown {
  const { code, message } = toProblem(error)
  if (code !== 'WORKER_CRASHED') return error
  return new ProblemError('SQL_FAILED', `The query ended the process that it ran in, twice. Nothing else is touched (${message})`, {
    hint: 'Write it another way: leave out parts until it answers', cause: error,
  })
}

import { toProblem } from '../../../shared/domain/problem.ts'
import type { OpInput, OpName, OpOutput } from './wire.ts'
import type { CallOptions } from './worker-client.ts'
import type { WorkerPool } from './worker-pool.ts'

/**
 * Reads through the shared reader. When it dies under the call, a new one is asked once more: reading changes nothing, so the
 * person who scrolls need not hear of it.
 */
export async function readWithRetry<N extends OpName<'reader'>>(workers: WorkerPool, op: N, request: { input: OpInput<'reader', N> } & Pick<CallOptions, 'signal'>): Promise<OpOutput<'reader', N>> {
  const { input, signal } = request
  try {
    return await workers.shared('reader').call(op, input, { signal })
  } catch (error) {
    if (toProblem(error).code !== 'WORKER_CRASHED') throw error
    return workers.shared('reader').call(op, input, { signal })
  }
}

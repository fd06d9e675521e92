import { ProblemError } from '../../../shared/domain/problem.ts'

/** Waits for work that goes on for others too, and no longer than the signal says. @throws CANCELLED */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const cancelled = (): ProblemError => new ProblemError('CANCELLED', 'Cancelled')
  if (signal.aborted) throw cancelled()
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled())
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

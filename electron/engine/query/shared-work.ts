/** One piece of work that several callers wait for; it is aborted when the last of them gives up. */
export interface Shared<T> {
  /** Resolves with the result, rejects with its error, or with the signal's reason. */
  wait(signal: AbortSignal): Promise<T>
  /** Resolves when the work is over: true when it succeeded. Never rejects. */
  readonly settled: Promise<boolean>
  /** Nobody waits any more, and the work was aborted: start it anew. */
  isAbandoned(): boolean
}

/** Starts the work at once. */
export function createShared<T>(work: (signal: AbortSignal) => Promise<T>): Shared<T> {
  const controller = new AbortController()
  const result = work(controller.signal)
  let isOver = false
  const settled = result.then(
    () => (isOver = true),
    () => !(isOver = true),
  )
  let waiting = 0
  return {
    settled,
    isAbandoned: () => controller.signal.aborted,
    async wait(signal) {
      signal.throwIfAborted()
      waiting += 1
      const given = Promise.withResolvers<never>()
      const giveUp = (): void => given.reject(signal.reason)
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        return await Promise.race([result, given.promise])
      } finally {
        signal.removeEventListener('abort', giveUp)
        waiting -= 1
        if (waiting === 0 && !isOver) controller.abort()
      }
    },
  }
}

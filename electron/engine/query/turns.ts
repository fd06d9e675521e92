/** Lets at most `count` pieces of work run at once; the others wait their turn, in order. */
export function createTurns(count: number): <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  const waiting = new Set<() => void>()
  let running = 0
  const release = (): void => {
    const [next] = waiting
    if (next === undefined) running -= 1
    else next()
  }
  return async (signal, work) => {
    signal.throwIfAborted()
    if (running < count) running += 1
    else await turn(waiting, signal)
    try {
      return await work()
    } finally {
      release()
    }
  }
}

/** Resolves when a finished piece of work hands over its place. */
function turn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const take = (): void => {
      waiting.delete(take)
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = (): void => {
      waiting.delete(take)
      reject(signal.reason)
    }
    waiting.add(take)
    signal.addEventListener('abort', giveUp, { once: true })
  })
}

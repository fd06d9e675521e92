import { Breather } from './small-file.ts'

/** Results in order, of at most `limit` items at a time. The first failure ends it, when what was begun has ended. */
export async function atOnce<T, R>(items: readonly T[], { limit, signal }: { limit: number; signal: AbortSignal }, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  let hasFailed = false
  const takeTurns = async (): Promise<void> => {
    const breather = new Breather()
    for (const [index, item] of queue) {
      await breather.pause()
      if (hasFailed) return
      signal.throwIfAborted()
      results[index] = await work(item, index)
    }
  }
  const turns = Array.from({ length: Math.min(limit, items.length) }, () =>
    takeTurns().catch((error: unknown) => {
      hasFailed = true
      throw error
    }),
  )
  await Promise.allSettled(turns)
  await Promise.all(turns)
  return results
}

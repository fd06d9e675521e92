import type { WorkerInit } from './wire.ts'

/** What a worker may take, as an operation sees it: later shares are told to what it has open. */
export interface LivingShare extends WorkerInit {
  /** Calls back with every later share; returns what ends that. Left out where nobody divides anything. */
  onShare?: (listener: (next: WorkerInit) => void) => () => void
}

/** The share of a worker over its life. */
export function createLivingShare(first: WorkerInit): { current(): LivingShare; set(next: WorkerInit): void } {
  const listeners = new Set<(next: WorkerInit) => void>()
  const onShare: LivingShare['onShare'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  let share: LivingShare = { ...first, onShare }
  return {
    current: () => share,
    set(next) {
      share = { ...next, onShare }
      for (const listener of listeners) listener(next)
    },
  }
}

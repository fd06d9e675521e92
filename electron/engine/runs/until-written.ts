import { setTimeout } from 'node:timers/promises'
import { toProblem } from '../../../shared/domain/problem.ts'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

interface Patience {
  /** True when the engine is closing: then the next opening finds out by itself how things stand. */
  isClosing(): boolean
  /** Called once, before the first wait. */
  onWait(message: string): void
}

/**
 * Writes the end of something into the ledger, also when the disk that the ledger lies on is full: then it waits for space, because an
 * end that is never written down would look like work that never ends.
 */
export async function untilWritten(write: () => void, { isClosing, onWait }: Patience): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return write()
    } catch (error) {
      const problem = toProblem(error)
      if (problem.code !== 'DISK_FULL' || isClosing()) throw error
      if (waitMs === FIRST_WAIT_MS) onWait(problem.message)
      await setTimeout(waitMs)
    }
  }
}

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Up to this size a file is read in one go: of thousands of files, most of the time would go to the way to the thread pool and back. */
export const SMALL_BYTES = 256 << 10

/** The bytes of a small file, for workers only. They are the caller's own. */
export function readSmall(path: string): Buffer {
  return readFileSync(path)
}

/** At most `length` bytes of a file, for workers only. */
export function bytesAt(path: string, position: number, length: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(file, bytes, 0, length, position))
  } finally {
    closeSync(file)
  }
}

const LONGEST_MS = 15

/** Lets what waits have its turn, such as a cancel, in a loop that would not otherwise. */
export class Breather {
  #since = performance.now()

  async pause(): Promise<void> {
    if (performance.now() - this.#since < LONGEST_MS) return
    await nextTurn()
    this.#since = performance.now()
  }
}

import { describe, expect, it } from 'vitest'
import type { RunPriority } from '../../../shared/domain/run-priority.ts'
import { type Admission, createRunQueue, type Ticket } from './run-queue.ts'

interface Bench {
  queue: ReturnType<typeof createRunQueue>
  started: number[]
  /** Ends a running run. */
  end(runId: number): Promise<void>
  add(dataType: string, priority?: RunPriority): number
  admissions: Map<number, Admission>
  shares: number[]
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function makeBench(capacity: number, reads: Record<string, string[]> = {}): Bench {
  const started: number[] = []
  const shares: number[] = []
  const ends = new Map<number, () => void>()
  const admissions = new Map<number, Admission>()
  let lastId = 0
  const queue = createRunQueue({
    execute: (runId, signal) =>
      new Promise((resolve) => {
        started.push(runId)
        ends.set(runId, resolve)
        signal.addEventListener('abort', () => resolve())
      }),
    capacity: () => capacity,
    reads: () => new Map(Object.entries(reads)),
    admit: (runId) => admissions.get(runId) ?? 'start',
    onRunning: (count) => void shares.push(count),
  })
  return {
    queue,
    started,
    admissions,
    shares,
    add(dataType, priority = 'normal') {
      const ticket: Ticket = { runId: ++lastId, dataType, priority }
      queue.add(ticket)
      return ticket.runId
    },
    async end(runId) {
      ends.get(runId)?.()
      await turn()
    },
  }
}

describe('the queue of runs', () => {
  it('runs as many at once as there are places, and tells how many share them', async () => {
    const { queue, started, shares, add, end } = makeBench(2)
    const [a, b, c] = [add('a'), add('b'), add('c')]
    await turn()
    expect(started).toEqual([a, b])
    expect(queue.waiting()).toMatchObject([{ ticket: { runId: c }, position: 1, blockedBy: [] }])
    await end(a)
    expect(started).toEqual([a, b, c])
    expect(shares).toEqual([1, 2, 1, 2])
  })

  it('runs one of a data type at a time, and lets others past it', async () => {
    const { queue, started, add, end } = makeBench(3)
    const [first, second, other] = [add('a'), add('a'), add('b')]
    await turn()
    expect(started).toEqual([first, other])
    expect(queue.waiting()).toMatchObject([{ ticket: { runId: second }, blockedBy: [{ runId: first }] }])
    await end(first)
    expect(started).toEqual([first, other, second])
  })

  it('holds a reader back until what it reads is made, also when that itself only waits', async () => {
    const { started, add, end } = makeBench(3, { reader: ['source'], last: ['reader'] })
    const [source, reader, last] = [add('source'), add('reader'), add('last')]
    await turn()
    expect(started).toEqual([source])
    await end(source)
    expect(started).toEqual([source, reader])
    await end(reader)
    expect(started).toEqual([source, reader, last])
  })

  it('lets what is read begin beside a reader that has started, since that has pinned what it reads', async () => {
    const { started, add } = makeBench(2, { reader: ['source'] })
    const reader = add('reader')
    await turn()
    const source = add('source')
    await turn()
    expect(started).toEqual([reader, source])
  })

  it('does not wait forever when two data types read each other', async () => {
    const { started, add, end } = makeBench(2, { a: ['b'], b: ['a'] })
    const [a, b] = [add('a'), add('b')]
    await turn()
    expect(started).toEqual([a])
    await end(a)
    expect(started).toEqual([a, b])
  })

  it('prefers what a person started to what a schedule started before', async () => {
    const { queue, started, add, end } = makeBench(1)
    const running = add('a')
    await turn()
    const [scheduled, person, urgent] = [add('b', 'low'), add('c'), add('d', 'high')]
    await turn()
    expect(queue.waiting().map(({ ticket }) => ticket.runId)).toEqual([urgent, person, scheduled])
    await end(running)
    await end(urgent)
    await end(person)
    expect(started).toEqual([running, urgent, person, scheduled])
  })

  it('passes over what may not start yet, drops what may not start at all, and frees the place', async () => {
    const { queue, started, admissions, add, end } = makeBench(1)
    const running = add('a')
    await turn()
    const [later, dropped, next] = [add('b'), add('c'), add('d')]
    admissions.set(later, 'later').set(dropped, 'drop')
    await end(running)
    expect(started).toEqual([running, next])
    expect(queue.waiting().map(({ ticket }) => ticket.runId)).toEqual([later])
    admissions.delete(later)
    await end(next)
    expect(started).toEqual([running, next, later])
  })

  it('cancels what waits without starting it, and stops what runs', async () => {
    const { queue, started, add } = makeBench(1)
    const [running, waiting] = [add('a'), add('b')]
    await turn()
    expect(queue.remove(waiting)).toBe(true)
    expect(queue.remove(running)).toBe(false)
    queue.abort(running)
    await turn()
    expect(queue.size()).toBe(0)
    expect(started).toEqual([running])
  })

  it('starts nothing after it was stopped, and names what was waiting', async () => {
    const { queue, started, add } = makeBench(1)
    const [running, waiting] = [add('a'), add('b')]
    await turn()
    expect(queue.stop()).toEqual([waiting])
    await queue.idle()
    expect(started).toEqual([running])
  })
})

import { describe, expect, it } from 'vitest'
import { type BlockRequest, PageScheduler, type RowRange, type SchedulerState } from './page-scheduler.ts'

const BLOCK = 100

interface Call {
  start: number
  signal: AbortSignal
  resolve: (page: string) => void
  reject: (error: Error) => void
}

function setUp(maxInFlight = 1, maxWaiting = 10) {
  const world = { view: { first: 0, last: 30 } as RowRange, calls: [] as Call[], delivered: [] as number[], states: [] as SchedulerState[] }
  const scheduler = new PageScheduler<string>({
    inView: () => world.view,
    maxInFlight,
    maxWaiting,
    onChange: (state) => world.states.push(state),
  })
  const block = (start: number): BlockRequest<string> => ({
    startRow: start,
    endRow: start + BLOCK,
    load: (signal) => new Promise((resolve, reject) => world.calls.push({ start, signal, resolve, reject })),
    deliver: () => world.delivered.push(start),
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  return { world, scheduler, block, settle }
}

describe('PageScheduler', () => {
  it('fetches the block in view before the ones passed on the way', async () => {
    const { world, scheduler, block, settle } = setUp()
    for (const start of [0, 100, 200, 300]) scheduler.request(block(start))
    expect(world.calls.map((c) => c.start)).toEqual([0])
    world.view = { first: 300, last: 330 }
    world.calls[0]?.resolve('page')
    await settle()
    expect(world.calls.map((c) => c.start)).toEqual([0, 300])
    expect(world.delivered).toEqual([0])
  })

  it('aborts a fetch that left the view when one in view waits, and fetches it again later', async () => {
    const { world, scheduler, block, settle } = setUp()
    scheduler.request(block(0))
    world.view = { first: 5_000, last: 5_030 }
    scheduler.request(block(5_000))
    expect(world.calls[0]?.signal.aborted).toBe(true)
    expect(world.calls.map((c) => c.start)).toEqual([0, 5_000])
    world.calls[1]?.resolve('page')
    await settle()
    expect(world.calls.map((c) => c.start)).toEqual([0, 5_000, 0])
    expect(world.delivered).toEqual([5_000])
  })

  it('delivers nothing twice when an aborted fetch answers after all', async () => {
    const { world, scheduler, block, settle } = setUp()
    scheduler.request(block(0))
    world.view = { first: 900, last: 930 }
    scheduler.request(block(900))
    world.calls[0]?.resolve('late')
    world.calls[1]?.resolve('page')
    await settle()
    world.calls[2]?.resolve('page')
    await settle()
    expect(world.delivered).toEqual([900, 0])
  })

  it('keeps a failed block and delivers it after retry', async () => {
    const { world, scheduler, block, settle } = setUp()
    scheduler.request(block(0))
    world.calls[0]?.reject(new Error('disk is gone'))
    await settle()
    expect(world.states.at(-1)).toMatchObject({ loading: 0, failure: { startRow: 0, endRow: 100, error: new Error('disk is gone') } })
    scheduler.retry()
    expect(world.states.at(-1)).toEqual({ loading: 1, failure: null })
    world.calls[1]?.resolve('page')
    await settle()
    expect(world.delivered).toEqual([0])
  })

  it('forgets the oldest of too many waiting blocks', async () => {
    const { world, scheduler, block, settle } = setUp(1, 2)
    for (const start of [0, 100, 200, 300]) scheduler.request(block(start))
    for (let i = 0; i < 3; i++) {
      world.calls[i]?.resolve('page')
      await settle()
    }
    expect(world.delivered).toEqual([0, 200, 300])
  })

  it('aborts everything and stays silent once closed', async () => {
    const { world, scheduler, block, settle } = setUp(2)
    scheduler.request(block(0))
    scheduler.request(block(100))
    scheduler.close()
    expect(world.calls.every((c) => c.signal.aborted)).toBe(true)
    world.calls[0]?.resolve('late')
    await settle()
    scheduler.request(block(200))
    expect(world.delivered).toEqual([])
    expect(world.calls).toHaveLength(2)
  })
})

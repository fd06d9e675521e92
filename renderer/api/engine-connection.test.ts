import { describe, expect, it, vi } from 'vitest'
import { ProblemError } from '../../shared/domain/problem.ts'
import type { Channel } from './channel.ts'
import { EngineConnection } from './engine-connection.ts'

interface TestChannel extends Channel {
  end: (reason: string) => void
}

/** A channel whose calls never answer, until it ends. */
function silentChannel(): TestChannel {
  const { promise: closed, resolve: end } = Promise.withResolvers<string>()
  const call = (): Promise<unknown> => closed.then((reason) => Promise.reject(new Error(reason)))
  return { link: { call }, closed, close: () => undefined, end }
}

function answeringChannel(answer: unknown): TestChannel {
  return { ...silentChannel(), link: { call: () => Promise.resolve(answer) } }
}

/** Starts a connection that opens these channels in turn. */
function connect(opens: readonly (() => Promise<Channel>)[]): EngineConnection {
  const rest = [...opens]
  const connection = new EngineConnection(() => rest.shift()?.() ?? Promise.reject(new ProblemError('ENGINE_DOWN', 'still away', { retryable: true })))
  void connection.run()
  return connection
}

const call = (connection: EngineConnection): Promise<unknown> => connection.call(['runs', 'list'], {}, { context: {} })

describe('the connection to the engine', () => {
  it('holds calls back until the first channel is open', async () => {
    const { promise, resolve } = Promise.withResolvers<Channel>()
    const connection = connect([() => promise])
    const answer = call(connection)
    resolve(answeringChannel('hello'))
    expect(await answer).toBe('hello')
    connection.close()
  })

  it('rejects what is pending with ENGINE_DOWN when the channel ends, refuses at once while lost, and answers again after', async () => {
    const first = silentChannel()
    const connection = connect([() => Promise.resolve(first), () => Promise.resolve(answeringChannel('back'))])
    await vi.waitFor(() => expect(connection.state.phase).toBe('ready'))
    const pending = call(connection)
    first.end('the engine died')
    await expect(pending).rejects.toMatchObject({ problem: { code: 'ENGINE_DOWN' } })
    expect(connection.state).toMatchObject({ phase: 'lost', reason: 'the engine died' })
    await expect(call(connection)).rejects.toMatchObject({ problem: { code: 'ENGINE_DOWN', retryable: true } })
    await vi.waitFor(() => expect(connection.state.phase).toBe('ready'), { timeout: 3_000 })
    expect(await call(connection)).toBe('back')
    connection.close()
  })

  it('stops trying when only a person can help, until told to try again', async () => {
    const refuse = (): Promise<never> => Promise.reject(new ProblemError('ENGINE_DOWN', 'wrong token'))
    const connection = connect([refuse, () => Promise.resolve(answeringChannel(1))])
    await vi.waitFor(() => expect(connection.state).toMatchObject({ phase: 'refused', problem: { message: 'wrong token' } }))
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(connection.state.phase).toBe('refused')
    connection.retryNow()
    await vi.waitFor(() => expect(connection.state.phase).toBe('ready'))
    connection.close()
  })

  it('gives up a call whose signal aborts while it waits', async () => {
    const connection = connect([() => new Promise<Channel>(() => undefined)])
    const stop = new AbortController()
    const answer = connection.call(['runs', 'list'], {}, { context: {}, signal: stop.signal })
    stop.abort(new Error('left'))
    await expect(answer).rejects.toThrow('left')
    connection.close()
  })
})

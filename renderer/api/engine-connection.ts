import type { ClientLink, ClientOptions } from '@orpc/client'
import { type Problem, ProblemError, toProblem } from '../../shared/domain/problem.ts'
import type { Channel, OpenChannel } from './channel.ts'

/** `connecting` is the first time, `lost` every other; `refused` is when only a person can help. */
export type ConnectionState =
  | { phase: 'connecting' }
  | { phase: 'ready'; since: number }
  | { phase: 'lost'; reason: string; attempt: number }
  | { phase: 'refused'; problem: Problem }

type NoContext = Record<never, never>

const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 5_000

/**
 * Keeps one channel to the engine open for as long as the window lives: opens, notices the end, waits with back-off, opens
 * again. It is itself an oRPC link, so that a client made once survives every reconnect.
 */
export class EngineConnection implements ClientLink<NoContext> {
  readonly #open: OpenChannel
  readonly #listeners = new Set<() => void>()
  readonly #ended = new AbortController()
  #state: ConnectionState = { phase: 'connecting' }
  #channel: Channel | null = null
  #wake: (() => void) | null = null

  constructor(open: OpenChannel) {
    this.#open = open
  }

  get state(): ConnectionState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Lives until `close`. Never rejects. */
  async run(): Promise<void> {
    let attempt = 0
    while (!this.#ended.signal.aborted) {
      try {
        const channel = await this.#open(this.#ended.signal)
        attempt = 0
        const reason = await this.#hold(channel)
        this.#set({ phase: 'lost', reason, attempt })
      } catch (error) {
        const problem = toProblem(error)
        if (problem.retryable) {
          if (this.#state.phase !== 'connecting' || attempt >= 2) this.#set({ phase: 'lost', reason: problem.message, attempt })
        } else this.#set({ phase: 'refused', problem })
      }
      attempt += 1
      await this.#pause(this.#state.phase === 'refused' ? Number.POSITIVE_INFINITY : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1)))
    }
  }

  /** Tries again now instead of when the pause ends. */
  retryNow(): void {
    if (this.#state.phase === 'refused') this.#set({ phase: 'connecting' })
    this.#wake?.()
  }

  close(): void {
    this.#ended.abort()
    this.#channel?.close()
    this.#wake?.()
  }

  /** Waits for the first connection; once lost, refuses at once, so that nothing hangs without a word. */
  async call(path: readonly string[], input: unknown, options: ClientOptions<NoContext>): Promise<unknown> {
    const channel = this.#channel ?? (await this.#firstChannel(options.signal))
    try {
      return await channel.link.call(path, input, options)
    } catch (error) {
      if (this.#channel !== channel && options.signal?.aborted !== true) throw engineDown()
      throw error
    }
  }

  #firstChannel(signal: AbortSignal | undefined): Promise<Channel> {
    if (this.#state.phase === 'lost' || this.#state.phase === 'refused') return Promise.reject(engineDown())
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (this.#channel === null && this.#state.phase === 'connecting' && signal?.aborted !== true) return
        unsubscribe()
        signal?.removeEventListener('abort', settle)
        if (signal?.aborted === true) reject(signal.reason)
        else if (this.#channel === null) reject(engineDown())
        else resolve(this.#channel)
      }
      const unsubscribe = this.subscribe(settle)
      signal?.addEventListener('abort', settle)
    })
  }

  async #hold(channel: Channel): Promise<string> {
    this.#channel = channel
    this.#set({ phase: 'ready', since: Date.now() })
    const reason = await channel.closed
    this.#channel = null
    channel.close()
    return reason
  }

  #pause(ms: number): Promise<void> {
    if (this.#ended.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(() => this.#wake?.(), ms) : null
      this.#wake = () => {
        if (timer !== null) clearTimeout(timer)
        this.#wake = null
        resolve()
      }
    })
  }

  #set(state: ConnectionState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

function engineDown(): ProblemError {
  return new ProblemError('ENGINE_DOWN', 'The engine is not connected', { retryable: true, hint: 'This window reconnects by itself; then try again.' })
}

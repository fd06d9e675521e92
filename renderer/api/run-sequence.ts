import type { RunRef } from '../../shared/contract/runs.contract.ts'
import type { DataTypeOutline } from '../../shared/contract/workspace.contract.ts'
import { orderDataTypes } from '../../shared/domain/data-type-order.ts'
import { FINISHED_RUN_STATES } from '../../shared/domain/run-status.ts'
import type { ApiClient } from './api-client.ts'

export interface SequenceState {
  /** The run it waits for, or null when nothing is under way. */
  current: RunRef | null
  /** Data types still to be run, in order. */
  waiting: readonly string[]
  /** Data types left out, because what they read did not get new data. */
  leftOut: readonly string[]
}

const LOOK_EVERY_MS = 500
const IDLE: SequenceState = { current: null, waiting: [], leftOut: [] }

/** Runs every data type once, each after those it reads. Lives with the window: closing it starts no further run. */
export class RunSequence {
  readonly #client: ApiClient
  readonly #listeners = new Set<() => void>()
  #state: SequenceState = IDLE
  #ended = new AbortController()

  constructor(client: ApiClient) {
    this.#client = client
  }

  get state(): SequenceState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts nothing further; the run under way goes on. */
  stop(): void {
    this.#ended.abort()
    this.#set(IDLE)
  }

  /** Settles when the last run has finished; rejects when a run could not be started. */
  async start(dataTypes: readonly DataTypeOutline[]): Promise<SequenceState> {
    this.#ended.abort()
    const ended = new AbortController()
    this.#ended = ended
    const order = orderDataTypes(dataTypes.filter((type) => type.runnable))
    const broken = new Set<string>()
    const leftOut: string[] = []
    try {
      for (const [index, { name, reads }] of order.entries()) {
        if (reads.some((read) => broken.has(read))) {
          broken.add(name)
          leftOut.push(name)
          continue
        }
        const current = await this.#client.runs.start({ commandId: crypto.randomUUID(), dataType: name }, { signal: ended.signal })
        this.#set({ current, waiting: order.slice(index + 1).map((next) => next.name), leftOut: [...leftOut] })
        if (!(await this.#succeeds(current, ended.signal))) broken.add(name)
        if (ended.signal.aborted) return IDLE
      }
      return { ...IDLE, leftOut }
    } finally {
      if (!ended.signal.aborted) this.#set(IDLE)
    }
  }

  async #succeeds(run: RunRef, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const { state } = (await this.#client.runs.get({ run }, { signal })).run
      if (FINISHED_RUN_STATES.has(state)) return state === 'succeeded'
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    return false
  }

  #set(state: SequenceState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

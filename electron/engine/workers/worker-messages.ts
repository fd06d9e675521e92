import type { OpProgress, WorkerInit } from './wire.ts'

/** The envelopes in which calls, answers and questions travel between the engine and its workers. */

/** Engine to worker. */
export type ToWorker =
  | { type: 'init'; init: WorkerInit }
  | { type: 'call'; id: number; op: string; input: unknown }
  | { type: 'cancel'; id: number }
  | { type: 'answer'; id: number; askId: number; error: unknown }

/** Worker to engine. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'done'; id: number; output: unknown }
  | { type: 'failed'; id: number; problem: unknown }
  | { type: 'progress'; id: number; progress: OpProgress }
  | { type: 'ask'; id: number; askId: number; payload: unknown }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; text: string }
  | { type: 'memory'; rssBytes: number }

import { z } from 'zod'
import { problemSchema } from '../domain/problem.ts'

/** What the desktop's main process and its engine process say to each other. Data never passes here: it goes from window to engine by port. */

export const workerKindSchema = z.enum(['run', 'reader', 'sandbox', 'analyst', 'export', 'ingest'])

export const toEngineSchema = z.discriminatedUnion('type', [
  /** First, once. `create`: what to make of the folder when it is no workspace yet. */
  z.strictObject({ type: z.literal('init'), workspaceDir: z.string(), create: z.enum(['nothing', 'empty', 'sample']), sampleDir: z.string(), appVersion: z.string() }),
  /** With a window's port. */
  z.strictObject({ type: z.literal('connect') }),
  /** With the engine's end of the port to the worker that it asked for. */
  z.strictObject({ type: z.literal('worker:started'), id: z.int(), pid: z.int().nullable() }),
  z.strictObject({ type: z.literal('worker:gone'), id: z.int(), reason: z.string() }),
  /** Close the workspace and exit. */
  z.strictObject({ type: z.literal('shutdown') }),
])
export type ToEngine = z.infer<typeof toEngineSchema>

export const fromEngineSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('up') }),
  /** The workspace cannot be opened; the process waits to be ended. */
  z.strictObject({ type: z.literal('failed'), problem: problemSchema }),
  z.strictObject({ type: z.literal('active-runs'), count: z.int() }),
  z.strictObject({ type: z.literal('worker:spawn'), id: z.int(), kind: workerKindSchema }),
  z.strictObject({ type: z.literal('worker:kill'), id: z.int() }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>

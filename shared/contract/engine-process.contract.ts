import { z } from 'zod'
import { problemSchema } from '../domain/problem.ts'
import { secretSchema } from './secrets.contract.ts'

/** What the desktop's main process and its engine process say to each other. Data never passes here: it goes from window to engine by port. */

export const workerKindSchema = z.enum(['run', 'reader', 'sandbox', 'analyst', 'export', 'ingest', 'profile', 'copy'])

/** What the engine asks main of the system's keychain. Values go from main to the engine, never to a window. */
export const keychainRequestSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('protection') }),
  z.strictObject({ op: z.literal('list') }),
  z.strictObject({ op: z.literal('get'), name: z.string() }),
  z.strictObject({ op: z.literal('set'), name: z.string(), value: z.string() }),
  z.strictObject({ op: z.literal('remove'), name: z.string() }),
])
export type KeychainRequest = z.infer<typeof keychainRequestSchema>

const placeSchema = z.enum(['environment', 'file', 'keychain'])
/** By what was asked; `set` is answered with null. */
export const keychainAnswerSchema = {
  protection: z.object({ place: placeSchema, text: z.string(), isSafe: z.boolean() }),
  list: z.array(secretSchema.pick({ name: true, setAt: true }).extend({ place: placeSchema })),
  get: z.string().nullable(),
  remove: z.boolean(),
}
export type KeychainAnswer = z.infer<(typeof keychainAnswerSchema)[keyof typeof keychainAnswerSchema]>

export const toEngineSchema = z.discriminatedUnion('type', [
  /** First, once. `create`: what to make of the folder when it is no workspace yet. */
  z.strictObject({ type: z.literal('init'), workspaceDir: z.string(), create: z.enum(['nothing', 'empty', 'sample']), sampleDir: z.string(), appVersion: z.string() }),
  /** With a window's port. */
  z.strictObject({ type: z.literal('connect') }),
  /** With the engine's end of the port to the worker that it asked for. */
  z.strictObject({ type: z.literal('worker:started'), id: z.int(), pid: z.int().nullable() }),
  z.strictObject({ type: z.literal('worker:gone'), id: z.int(), reason: z.string() }),
  z.strictObject({ type: z.literal('keychain'), id: z.int(), answer: z.union([z.strictObject({ value: z.unknown() }), z.strictObject({ problem: problemSchema })]) }),
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
  z.strictObject({ type: z.literal('keychain'), id: z.int(), workspaceDir: z.string(), request: keychainRequestSchema }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>

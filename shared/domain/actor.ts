import { z } from 'zod'

/** Who makes a change. `engine` is Strata itself: a publish at the end of a run, a run that goes on after a crash. */
export const ACTOR_KINDS = ['person', 'schedule', 'api', 'model', 'engine'] as const
/** Which way the change came in. */
export const ACTOR_WAYS = ['window', 'cli', 'http', 'mcp', 'schedule', 'engine'] as const

export const actorSchema = z.strictObject({
  kind: z.enum(ACTOR_KINDS),
  via: z.enum(ACTOR_WAYS),
  /** The operating system's account that the host runs under, or the name of a token or schedule; null where there is none. */
  account: z.string().nullable(),
})
export type Actor = z.infer<typeof actorSchema>

/** Changes that nobody asked for in that moment. */
export const ENGINE_ACTOR: Actor = { kind: 'engine', via: 'engine', account: null }

const KIND_WORDS: Readonly<Record<Actor['kind'], string>> = { person: 'person', schedule: 'schedule', api: 'program', model: 'model', engine: 'Strata' }
const WAY_WORDS: Readonly<Record<Actor['via'], string>> = { window: 'window', cli: 'command line', http: 'HTTP', mcp: 'MCP', schedule: 'schedule', engine: 'engine' }

/** "anna, in the window": as people read it. */
export function actorText({ kind, via, account }: Actor): string {
  if (kind === 'engine') return KIND_WORDS.engine
  const who = account ?? KIND_WORDS[kind]
  if (kind === 'schedule') return account === null ? 'a schedule' : `schedule ${account}`
  return `${who}, ${via === 'window' ? 'in the window' : via === 'cli' ? 'on the command line' : `over ${WAY_WORDS[via]}`}`
}

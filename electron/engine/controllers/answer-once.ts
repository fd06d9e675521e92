import type { z } from 'zod'
import type { EngineParts } from '../parts.ts'

interface Command<T> {
  id: string
  /** Of its answer, as it is kept. */
  schema: z.ZodType<T>
  work: () => Promise<T>
}

/** What a command answered the first time; else what its work gives, which is kept under its id. For work that waits; what does not goes into `commands.once` whole. */
export async function answerOnce<T>({ commands, clock }: Pick<EngineParts, 'commands' | 'clock'>, { id, schema, work }: Command<T>): Promise<T> {
  const parse = (answer: unknown): T => schema.parse(answer)
  const known = commands.answerTo(id, parse)
  if (known !== null) return known
  const done = await work()
  return commands.once({ id, at: clock() }, parse, () => done)
}

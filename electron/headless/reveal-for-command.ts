import { randomUUID } from 'node:crypto'
import { type Command, CommanderError } from 'commander'
import type { StrataClient } from './client.ts'
import { EXIT } from './exit-code.ts'

/** What one command may see the sensitive values of, and why. */
export interface CommandReveal {
  datasets: readonly string[]
  reason: string
}

interface RevealFlags {
  reveal?: string[]
  revealReason?: string
}

/** The options that every command takes. */
export function addRevealOptions(program: Command): Command {
  return program
    .option('--reveal <dataset>', 'show the masked values of a dataset to this command, which is put on record (again for more)', (name: string, before: string[]) => [...before, name], [])
    .option('--reveal-reason <text>', 'why, for the audit trail')
}

/** What the options say; null without them. */
export function commandReveal(program: Command): CommandReveal | null {
  const { reveal = [], revealReason } = program.opts<RevealFlags>()
  if (reveal.length === 0) return null
  if (revealReason !== undefined) return { datasets: reveal, reason: revealReason }
  process.stderr.write('error: Say why the values are revealed, with --reveal-reason "..."\n')
  throw new CommanderError(EXIT.usage, 'strata.usage', 'Say why the values are revealed')
}

/** Reveals for as long as `use` takes. */
export async function withReveal<T>(client: StrataClient, wanted: CommandReveal | null, use: () => Promise<T>): Promise<T> {
  if (wanted === null) return use()
  for (const dataset of wanted.datasets) await client.masks.reveal({ commandId: randomUUID(), dataset, reason: wanted.reason })
  try {
    return await use()
  } finally {
    for (const dataset of wanted.datasets) await client.masks.hide({ dataset })
  }
}

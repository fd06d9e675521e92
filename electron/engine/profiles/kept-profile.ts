import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { columnProfileSchema } from '../../../shared/contract/profile.contract.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { whenAbsent } from '../zones/when-absent.ts'

/** Of what is written: a file of another form is made anew. */
const FORM = 1

const keptSchema = z.object({
  form: z.literal(FORM),
  /** Of the version that it is about, so that a file that strayed here is not taken for it. */
  contentHash: z.string().nullable(),
  computedAt: z.string(),
  tookMs: z.number(),
  columns: z.array(columnProfileSchema.omit({ trend: true })),
})
export type KeptProfile = z.infer<typeof keptSchema>

type Parts = Pick<EngineParts, 'layout' | 'durable' | 'ledger'>

/** What was computed of a version before; null when there is nothing that can be used: it is a cache, and may be gone or damaged. */
export async function readKeptProfile({ layout }: Pick<Parts, 'layout'>, { dataset, number, contentHash }: Pick<VersionRow, 'dataset' | 'number' | 'contentHash'>): Promise<KeptProfile | null> {
  const text = await readFile(layout.profileFile(dataset, number), 'utf8').catch(whenAbsent(null))
  const parsed = text === null ? null : keptSchema.safeParse(parseJson(text))
  return parsed?.success === true && parsed.data.contentHash === contentHash ? parsed.data : null
}

/** An engine that only reads keeps none. */
export async function keepProfile({ layout, durable, ledger }: Parts, { dataset, number, contentHash }: VersionRow, profile: Omit<KeptProfile, 'form' | 'contentHash'>): Promise<void> {
  if (ledger.isReadonly) return
  const file = layout.profileFile(dataset, number)
  await mkdir(path.dirname(file), { recursive: true })
  await durable.writeFile(file, JSON.stringify({ form: FORM, contentHash, ...profile } satisfies KeptProfile))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

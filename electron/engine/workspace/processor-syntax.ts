import { z } from 'zod'
import type { AnalysisCache, AnalystPort } from './analyst-port.ts'
import type { StepDraft } from './data-type-draft.ts'
import type { FindingList } from './finding-list.ts'
import { reportAnalyst, sha256 } from './statement-book.ts'

/** Raise when the answers for a text may become others. */
const SYNTAX_VERSION = 1

/** What is kept of a text; an answer that is missing is none. */
const keptSchema = z.object({ mistake: z.object({ message: z.string(), suggestion: z.string().nullable(), line: z.int(), column: z.int() }).nullable() })

/** Tells what keeps processors from being loaded, before a run does. Texts that were looked at before are not looked at again. */
export async function checkProcessors(drafts: readonly StepDraft[], { analyst, cache, findings }: { analyst: AnalystPort; cache: AnalysisCache; findings: FindingList }): Promise<void> {
  const processors = drafts.filter(({ kind }) => kind === 'entity').map(({ file }) => ({ file, key: sha256(`processor ${SYNTAX_VERSION}\n${file.text}`) }))
  const known = new Map(processors.flatMap(({ key }) => {
    const kept = keptSchema.safeParse(cache.get(key))
    return kept.success ? [[key, kept.data.mistake] as const] : []
  }))
  const unknown = processors.filter(({ key }) => !known.has(key))
  if (unknown.length > 0) {
    const answers = await analyst.syntax({ texts: unknown.map(({ file }) => file.text) }).catch((error: unknown) => reportAnalyst(error, findings))
    const fresh = (answers ?? []).flatMap((mistake, i) => (unknown[i] === undefined ? [] : [[unknown[i].key, mistake] as const]))
    cache.setAll(new Map(fresh.map(([key, mistake]) => [key, { mistake }])))
    for (const [key, mistake] of fresh) known.set(key, mistake)
  }
  for (const { file, key } of processors) {
    const mistake = known.get(key) ?? null
    if (mistake !== null) findings.add({ code: 'typescript-syntax', file: file.path, at: { line: mistake.line, column: mistake.column }, message: mistake.message, suggestion: mistake.suggestion })
  }
}

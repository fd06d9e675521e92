import { createHash } from 'node:crypto'
import { z } from 'zod'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { StatementAnalysis } from '../workers/wire.ts'
import type { AnalysisCache, AnalystPort } from './analyst-port.ts'
import type { FindingList } from './finding-list.ts'

/** Analyses of a workspace's statements by their text: all that the cache does not know are asked for in one call. */
export interface StatementBook {
  of(sql: string): StatementAnalysis
}

/** Raise when the analysis itself changes, so that answers of the old one are not used. */
const ANALYSIS_VERSION = 2

const analysisSchema = z.object({
  id: z.string(),
  ok: z.boolean(),
  tables: z.array(z.object({ name: z.string(), offset: z.number() })),
  variables: z.array(z.object({ name: z.string(), offset: z.number() })),
  volatile: z.array(z.string()),
  errors: z.array(z.object({ code: z.string(), message: z.string(), offset: z.number().nullable(), suggestion: z.string().nullable() })),
  fingerprint: z.string().nullable(),
})

export async function analyseAll(statements: Iterable<string>, { analyst, cache, findings }: { analyst: AnalystPort; cache: AnalysisCache; findings: FindingList }): Promise<StatementBook> {
  const known = new Map<string, StatementAnalysis>()
  const unknown = new Map<string, string>()
  for (const sql of statements) {
    const key = sha256(`${ANALYSIS_VERSION}\n${sql}`)
    const cached = analysisSchema.safeParse(cache.get(key))
    if (cached.success) known.set(sql, cached.data)
    else unknown.set(key, sql)
  }
  if (unknown.size > 0) {
    const analyses = await analyst.analyse({ statements: [...unknown].map(([id, sql]) => ({ id, sql })) }).catch((error: unknown) => reportAnalyst(error, findings))
    for (const analysis of analyses ?? []) {
      const sql = unknown.get(analysis.id)
      if (sql === undefined) continue
      known.set(sql, analysis)
    }
    cache.setAll(new Map((analyses ?? []).map((analysis) => [analysis.id, analysis])))
  }
  return {
    of: (sql) => known.get(sql) ?? { id: '', ok: false, tables: [], variables: [], volatile: [], errors: [], fingerprint: null },
  }
}

/** A workspace opens even when its SQL cannot be checked now; nothing runs until it can. */
export function reportAnalyst(error: unknown, findings: FindingList): null {
  const { code, message, hint } = toProblem(error)
  if (code === 'CANCELLED') throw error
  findings.add({ code: 'not-checked', file: 'strata.yaml', message: `SQL could not be checked: ${message}`, suggestion: hint ?? 'Check the workspace again' })
  return null
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

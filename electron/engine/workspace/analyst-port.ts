import type { OpInput, OpOutput } from '../workers/wire.ts'

/** The analyst worker, as far as reading a workspace needs it. Called lazily: an unchanged workspace starts no worker. */
export interface AnalystPort {
  analyse(input: OpInput<'analyst', 'analyse'>): Promise<OpOutput<'analyst', 'analyse'>>
  describe(input: OpInput<'analyst', 'describe'>): Promise<OpOutput<'analyst', 'describe'>>
  grain(input: OpInput<'analyst', 'grain'>): Promise<OpOutput<'analyst', 'grain'>>
  syntax(input: OpInput<'analyst', 'syntax'>): Promise<OpOutput<'analyst', 'syntax'>>
}

/** What the analyst answered before, by SHA-256. Values are plain JSON; what comes back is checked, so that an old cache does no harm. */
export interface AnalysisCache {
  get(key: string): unknown
  /** Keeps several at once: each time costs a sync of the disk. */
  setAll(answers: ReadonlyMap<string, unknown>): void
}

import { z } from 'zod'

/** What becomes of runs that were cut off, when a window opens their workspace: they go on, or wait until a person says so. */
export const RESUME_MODES = ['automatic', 'ask'] as const
export const resumeModeSchema = z.enum(RESUME_MODES)
export type ResumeMode = z.infer<typeof resumeModeSchema>

import type { RunPriority } from '../../shared/domain/run-priority.ts'
import type { RunSelection } from '../../shared/domain/run-options.ts'
import type { ParameterValues } from '../../shared/domain/run-parameters.ts'

/** What is to be run. Null data type: every one of them; null entities: all. */
export interface RunRequest {
  dataType: string | null
  entities: readonly string[] | null
  selection?: Partial<RunSelection>
  /** As typed; what is left out has its default. */
  parameters?: ParameterValues
  /** Among those that wait; normal when absent. */
  priority?: RunPriority
}

/** How much of the pipeline: in the words of the dialog. */
export type RunScope = 'all' | 'stale' | 'failed' | 'from' | 'step'

export function selectionOf({ scope, step, force }: { scope: RunScope; step: string; force: boolean }): Partial<RunSelection> {
  return {
    ...(scope === 'stale' || scope === 'failed' ? { only: scope } : {}),
    ...(scope === 'from' ? { from: step } : {}),
    ...(scope === 'step' ? { steps: [step] } : {}),
    ...(force ? { force } : {}),
  }
}

/** Ids separated by lines, commas or semicolons, each once. */
export function splitEntities(text: string): string[] {
  return [...new Set(text.split(/[\n,;]+/).map((part) => part.trim()).filter((part) => part !== ''))]
}

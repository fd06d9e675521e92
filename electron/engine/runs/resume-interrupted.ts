import { ENGINE_ACTOR } from '../../../shared/domain/actor.ts'
import type { EngineParts } from '../parts.ts'
import type { RunManager } from './run-manager.ts'

/**
 * What was cut off goes on, whether by a crash or by an orderly end; with `resume: ask` in strata.yaml it waits for somebody to say so.
 * A run since which somebody has started another one of its data type stays where it is, and so does one whose files hold a mistake now: it
 * could only fail.
 */
export function resumeInterrupted({ runs, workspace, log }: EngineParts, manager: Pick<RunManager, 'resume'>): void {
  const { resume, dataTypes } = workspace.current()
  for (const run of runs.leftInterrupted()) {
    const name = `${run.dataType} #${run.runNumber}`
    const isRunnable = dataTypes.some((dataType) => dataType.name === run.dataType && dataType.runnable)
    const waitsFor = resume === 'ask' ? 'somebody to resume it, as strata.yaml says' : isRunnable ? null : 'the files of its data type to be mended, and somebody to resume it'
    log('warn', `${name} was interrupted and ${waitsFor === null ? 'goes on' : `waits for ${waitsFor}`}`)
    if (waitsFor === null) manager.resume(run, ENGINE_ACTOR)
  }
}

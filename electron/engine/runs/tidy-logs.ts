import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { toProblem } from '../../../shared/domain/problem.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import { archiveLog, removeOldLogs } from './log-archive.ts'

const DAY_MS = 86_400_000

/** A workspace of years has a hundred thousand logs: they are looked through now and then, not after every run. */
const SWEEP_EVERY_MS = 3_600_000

async function isDue(dir: string, now: number): Promise<boolean> {
  const marker = path.join(dir, 'swept-at')
  const sweptAt = Number(await readFile(marker, 'utf8').catch(() => '0'))
  if (now - sweptAt < SWEEP_EVERY_MS) return false
  await writeFile(marker, String(now))
  return true
}

/**
 * After a run: its log is compressed when it has ended, and logs that are older than the workspace keeps them go. What fails here
 * fails nobody's run: the plain log stays, and the next run tries again.
 */
export async function tidyLogs({ runs, layout, workspace, clock, log }: EngineParts, run: RunRow): Promise<void> {
  try {
    if (FINISHED_RUN_STATES.has(runs.byId(run.id).state)) await archiveLog(layout.runLogFile(run.dataType, run.runNumber))
    const { keepLogsDays } = workspace.current()
    if (keepLogsDays === null || !(await isDue(layout.logsDir, clock()))) return
    const isOver = ({ dataType, runNumber }: { dataType: string; runNumber: number }): boolean => {
      const found = runs.find(dataType, runNumber)
      return found !== null && FINISHED_RUN_STATES.has(found.state)
    }
    const removed = await removeOldLogs(layout.logsDir, { before: clock() - keepLogsDays * DAY_MS, isOver })
    if (removed > 0) log('info', `Removed the logs of ${removed} runs, older than ${keepLogsDays} days`)
  } catch (error) {
    log('warn', `The log of ${run.dataType} #${run.runNumber} could not be tidied: ${toProblem(error).message}`)
  }
}

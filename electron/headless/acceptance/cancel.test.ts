import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RunDetail, RunRef } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { CANCEL_SCENARIOS } from './cancel-scenarios.ts'
import { leftoversIn } from './folder-state.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

async function until({ client }: TestWorkspace, run: RunRef, is: (detail: RunDetail) => boolean): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run })
    if (is(detail)) return detail
    await setImmediate()
  }
}

const isFinished = ({ run }: RunDetail): boolean => FINISHED_RUN_STATES.has(run.state)
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** `bench/cancel.bench.ts` measures how long each of them takes. */
describe('a cancel', () => {
  it.each(CANCEL_SCENARIOS)('is obeyed while the run is $name, and nothing of it goes on', async ({ files, isThere, busyWith }) => {
    await using workspace = await openTestWorkspace({ files })
    const { client } = workspace
    const other = busyWith === undefined ? null : await client.runs.start({ commandId: randomUUID(), dataType: busyWith })
    const run = await client.runs.start({ commandId: randomUUID(), dataType: 'shop' })
    await until(workspace, run, (detail) => isThere(detail) || isFinished(detail))
    await client.runs.cancel({ run })
    const { run: ended, steps } = await until(workspace, run, isFinished)
    expect(ended).toMatchObject({ state: 'cancelled', problem: null })
    expect(steps.filter(({ state }) => !['succeeded', 'cancelled'].includes(state))).toEqual([])
    if (other !== null) {
      await client.runs.cancel({ run: other })
      await until(workspace, other, isFinished)
    }
    const { workers } = await client.workspace.status()
    expect(workers.filter(({ kind, isBusy }) => kind === 'run' && isBusy)).toEqual([])
    expect((await client.datasets.list()).every(({ version }) => version === null)).toBe(true)
    await workspace.closeEngine()
    expect(workers.flatMap(({ pid }) => (pid !== null && isAlive(pid) ? [pid] : []))).toEqual([])
    expect((await leftoversIn(workspace.dir)).filter((file) => file.includes('.tmp-'))).toEqual([])
  })
})

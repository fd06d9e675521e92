import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { RunDetail, RunRef } from '../../../shared/contract/runs.contract.ts'
import type { ResumeMode } from '../../../shared/domain/resume-mode.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { createLayout } from '../../engine/zones/layout.ts'
import { findAppFiles } from '../app-root.ts'
import { attach, type Attached } from '../attach.ts'

/** `strata serve`, as a process: what becomes of a run that it does not see to its end. */
const CLI = path.resolve(import.meta.dirname, '../../../dist/headless/cli.js')
const { version } = findAppFiles(import.meta.url)
const ENTITIES = 40
const RUN: RunRef = { dataType: 'shop', runNumber: 1 }

const ended: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

/** Half of the entities, which are called 10 and up, go through; the others wait as long as the file `hold` is there. */
async function makeWorkspace(resume: ResumeMode | null): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'strata-interrupted-'))
  ended.push(() => rm(root, { recursive: true, force: true }))
  const hold = JSON.stringify(path.join(root, 'hold'))
  const files: Record<string, string> = {
    'strata.yaml': `name: shop\nlimits: { memory: 512MB, threads: 1 }\n${resume === null ? '' : `resume: ${resume}\n`}`,
    hold: '',
    'inbox/orders.csv': `order_id,amount\n${Array.from({ length: ENTITIES }, (_, i) => `${i + 10},${i}`).join('\n')}\n`,
    'pipelines/shop/pipeline.yaml': 'entity: { key: order_id }\nsources:\n  orders: { files: inbox/*.csv, format: csv }\n',
    'pipelines/shop/processed/doubled.yaml': 'entity: { input: raw.orders, concurrency: 1 }\n',
    'pipelines/shop/processed/doubled.ts': `import { existsSync } from 'node:fs'
import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({
  result: z.object({ doubled: z.int() }),
  async process(entityId, rows) {
    while (Number(entityId) >= ${ENTITIES / 2 + 10} && existsSync(${hold})) await new Promise((resolve) => setTimeout(resolve, 10))
    return { doubled: 2 * Number(rows[0].amount) }
  },
})
`,
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), text)
  }
  return root
}

interface Served {
  program: ChildProcess
  client: Attached['client']
  /** Ends it with the signal, and waits until it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

async function serve(root: string): Promise<Served> {
  const program = spawn(process.execPath, [CLI, 'serve', root, '--no-open'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(program, 'exit')
  const kill = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    program.kill(signal)
    await exited
  }
  ended.push(() => kill('SIGKILL'))
  await once(program.stdout ?? program, 'data')
  const attached = await attach(createLayout(root).attachFile, version)
  if (attached === null) throw new Error('It serves, but cannot be attached to')
  return {
    program,
    client: attached.client,
    async end(signal) {
      await attached.close()
      await kill(signal)
    },
  }
}

async function until({ client }: Served, isSo: (detail: RunDetail) => boolean): Promise<RunDetail> {
  for (;;) {
    const detail = await client.runs.get({ run: RUN })
    if (isSo(detail)) return detail
    await delay(20)
  }
}

const entityStep = ({ steps }: RunDetail) => steps.find(({ kind }) => kind === 'entity')
const isFinished = ({ run }: RunDetail): boolean => FINISHED_RUN_STATES.has(run.state)

/** Until the half of the entities that can be had is in the ledger. */
async function startAndCutOff(root: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const served = await serve(root)
  await served.client.runs.start({ commandId: randomUUID(), dataType: 'shop' })
  await until(served, (detail) => entityStep(detail)?.entities?.succeeded === ENTITIES / 2)
  await served.end(signal)
  await rm(path.join(root, 'hold'))
}

const ENDS = [['SIGTERM', null], ['SIGKILL', 'automatic']] as const

describe.runIf(process.platform !== 'win32').each(ENDS)('a run that %s of "strata serve" cuts off', (signal, resume) => {
  it('goes on by itself when the workspace is served again', async () => {
    const root = await makeWorkspace(resume)
    await startAndCutOff(root, signal)
    const served = await serve(root)
    const { run, ...detail } = await until(served, isFinished)
    expect(run).toMatchObject({ state: 'succeeded', attempt: 2 })
    expect(entityStep({ run, ...detail })?.entities).toMatchObject({ total: ENTITIES, succeeded: ENTITIES })
    const { entries } = await served.client.audit.list({})
    expect(entries.filter(({ action }) => action === 'resume').map(({ actor }) => actor.kind)).toEqual(['engine'])
    await served.end('SIGTERM')
  }, 60_000)

  it('waits for a click where the workspace says so', async () => {
    const root = await makeWorkspace('ask')
    await startAndCutOff(root, signal)
    const served = await serve(root)
    expect((await served.client.runs.get({ run: RUN })).run).toMatchObject({ state: 'interrupted', attempt: 1 })
    expect((await served.client.workspace.overview()).attention).toMatchObject([{ kind: 'interrupted_run', runNumber: 1 }])
    await served.client.runs.resume({ commandId: randomUUID(), run: RUN })
    expect((await until(served, isFinished)).run).toMatchObject({ state: 'succeeded', attempt: 2 })
    await served.end('SIGTERM')
  }, 60_000)
})

describe.runIf(process.platform !== 'win32')('a run that was cut off', () => {
  it('stays as it is when somebody has started another since, with the command line', async () => {
    const root = await makeWorkspace(null)
    await startAndCutOff(root, 'SIGTERM')
    const run = spawn(process.execPath, [CLI, 'run', 'shop', '--workspace', root], { stdio: 'ignore' })
    expect(await once(run, 'exit')).toEqual([0, null])
    const served = await serve(root)
    expect((await served.client.runs.list({})).runs.map(({ runNumber, state }) => [runNumber, state])).toEqual([[2, 'succeeded'], [1, 'interrupted']])
    await served.end('SIGTERM')
  }, 60_000)

  it('stays as it is when a file of its data type holds a mistake now', async () => {
    const root = await makeWorkspace(null)
    await startAndCutOff(root, 'SIGTERM')
    await writeFile(path.join(root, 'pipelines/shop/processed/doubled.yaml'), 'entity: { input: raw.ordrs }\n')
    const served = await serve(root)
    expect((await served.client.runs.get({ run: RUN })).run).toMatchObject({ state: 'interrupted', attempt: 1 })
    await served.end('SIGTERM')
  }, 60_000)
})

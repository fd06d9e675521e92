import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findAppFiles } from '../electron/headless/app-root.ts'
import { createInProcessClient, type StrataClient } from '../electron/headless/client.ts'
import { openEngine } from '../electron/headless/open-engine.ts'
import type { RunDetail } from '../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../shared/domain/run-status.ts'
import { benchFolder } from './bench-data.ts'

/** The real engine on a workspace made for one measurement, on the disk of the data, so that a file can be moved into it. */
export interface BenchEngine extends AsyncDisposable {
  readonly dir: string
  readonly client: StrataClient
  /** Runs a data type; throws when it does not succeed. */
  run(dataType: string): Promise<RunDetail>
}

export function makeWorkspace(files: Record<string, string>): string {
  const dir = benchFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

/** Closing removes the workspace unless it is to be kept. */
export async function openBenchEngine(dir: string, { keep = false } = {}): Promise<BenchEngine> {
  const engine = await openEngine({
    workspaceDir: dir,
    host: 'cli',
    files: findAppFiles(import.meta.url),
    env: process.env,
    log: (level, text) => {
      if (level === 'error') console.error(text)
    },
    resumeInterrupted: false,
  })
  const client = createInProcessClient(engine)
  return {
    dir,
    client,
    run: (dataType) => runToEnd(client, dataType),
    async [Symbol.asyncDispose]() {
      await engine.close()
      if (!keep) rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function runToEnd(client: StrataClient, dataType: string): Promise<RunDetail> {
  const run = await client.runs.start({ commandId: randomUUID(), dataType, trigger: 'cli' })
  for (;;) {
    const detail = await client.runs.get({ run })
    if (detail.run.state === 'succeeded') return detail
    if (FINISHED_RUN_STATES.has(detail.run.state)) throw new Error(`${dataType} #${run.runNumber} ${detail.run.state}: ${detail.run.problem?.message ?? ''}`)
    for await (const batch of await client.runs.events({ afterSeq: detail.seq })) {
      if (batch.some((event) => event.kind === 'run' && event.text !== null)) break
    }
  }
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine, EngineLog, EngineOptions } from '../engine/engine.ts'
import type { AppFiles } from './app-root.ts'
import { createForkSpawner } from './fork-spawner.ts'

interface OpenOptions {
  workspaceDir: string
  host: EngineOptions['host']
  files: AppFiles
  env: NodeJS.ProcessEnv
  log: EngineLog
  resumeInterrupted: boolean
  whenLocked?: EngineOptions['whenLocked']
  clock?: () => number
}

/** The engine inside this process, as the command line and the browser server use it. Its code is loaded only now. */
export async function openEngine({ workspaceDir, host, files, env, log, resumeInterrupted, whenLocked, clock }: OpenOptions): Promise<Engine> {
  const { createEngine } = await import('../engine/create-engine.ts')
  const { userSecrets } = await import('../engine/secrets/user-secrets.ts')
  return createEngine({
    workspaceDir,
    host,
    appVersion: files.version,
    spawnWorker: createForkSpawner({ workersDir: files.workersDir, log, env }),
    secrets: userSecrets({ workspaceDir, env, platform: process.platform }),
    log,
    resumeInterrupted,
    ...(whenLocked === undefined ? {} : { whenLocked }),
    ...(clock === undefined ? {} : { clock }),
  })
}

/** Copies the sample workspace to `dir` unless a workspace is there already. */
export async function ensureSample(dir: string, sampleDir: string): Promise<void> {
  if (existsSync(join(dir, 'strata.yaml'))) return
  const { initWorkspace } = await import('../engine/workspace/init-workspace.ts')
  await initWorkspace(dir, { kind: 'sample', sampleDir })
}

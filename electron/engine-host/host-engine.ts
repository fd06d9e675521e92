import { RPCHandler } from '@orpc/server/message-port'
import type { MessageEvent, MessagePortMain, ParentPort } from 'electron'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type FromEngine, type ToEngine, toEngineSchema } from '../../shared/contract/engine-process.contract.ts'
import { ProblemError, toProblem } from '../../shared/domain/problem.ts'
import type { CallContext } from '../engine/controllers/api.ts'
import { createEngine } from '../engine/create-engine.ts'
import { openFileLog } from '../engine/file-log.ts'
import { personActor } from '../engine/serve/person-actor.ts'
import { userSecrets } from '../engine/secrets/user-secrets.ts'
import type { SecretsVault } from '../engine/secrets/secrets-vault.ts'
import type { WorkerSpawner } from '../engine/workers/wire.ts'
import { initWorkspace } from '../engine/workspace/init-workspace.ts'
import { createPortSpawner } from './port-spawner.ts'
import { createPortVault, type PortVault } from './port-vault.ts'

type InitMessage = Extract<ToEngine, { type: 'init' }>

interface Opened {
  handler: RPCHandler<CallContext>
  close(): Promise<void>
}

/** Opens the workspace that main names, and serves it to every window's port until main says to stop. */
export function hostEngine(parentPort: ParentPort): void {
  const tell = (message: FromEngine): void => parentPort.postMessage(message)
  const spawner = createPortSpawner(tell)
  let opening: Promise<Opened | null> = Promise.resolve(null)
  let keychain: PortVault | null = null
  parentPort.on('message', ({ data, ports }: MessageEvent) => {
    const message = toEngineSchema.parse(data)
    const [port] = ports
    switch (message.type) {
      case 'init':
        keychain = createPortVault(message.workspaceDir, tell)
        opening = open(message, { spawnWorker: spawner.spawn, secrets: userSecrets({ workspaceDir: message.workspaceDir, env: process.env, platform: process.platform, keychain: keychain.vault }) }, tell)
        return
      case 'connect':
        return void (port !== undefined && serve(opening, port))
      case 'worker:started':
        return void (port !== undefined && spawner.started(message.id, message.pid, port))
      case 'worker:gone':
        return spawner.gone(message.id, message.reason)
      case 'keychain':
        return keychain?.answered(message.id, message.answer)
      case 'shutdown':
        return void shutdown(opening)
    }
  })
}

/** Null when it could not be opened, which main has been told then. */
async function open(init: InitMessage, { spawnWorker, secrets }: { spawnWorker: WorkerSpawner; secrets: SecretsVault }, tell: (message: FromEngine) => void): Promise<Opened | null> {
  const { workspaceDir, create, sampleDir, appVersion } = init
  try {
    if (create !== 'nothing') await initWorkspace(workspaceDir, create === 'sample' ? { kind: 'sample', sampleDir } : { kind: 'empty' })
    if (!existsSync(join(workspaceDir, 'strata.yaml'))) throw new ProblemError('NOT_FOUND', `${workspaceDir} is not a workspace: it has no strata.yaml`)
    const fileLog = openFileLog(join(workspaceDir, '.strata', 'logs', 'desktop-host.log'), (text) => process.stderr.write(`${text}\n`))
    const engine = await createEngine({ workspaceDir, host: 'desktop', appVersion, spawnWorker, secrets, log: fileLog.log, resumeInterrupted: true })
    engine.onActiveRuns((count) => tell({ type: 'active-runs', count }))
    tell({ type: 'active-runs', count: engine.activeRuns() })
    tell({ type: 'up' })
    return {
      handler: new RPCHandler(engine.router),
      async close() {
        await engine.close()
        fileLog.close()
      },
    }
  } catch (error) {
    tell({ type: 'failed', problem: toProblem(error) })
    return null
  }
}

/** What a window sends before the workspace is open waits in its port. */
async function serve(opening: Promise<Opened | null>, port: MessagePortMain): Promise<void> {
  const opened = await opening
  if (opened === null) return port.close()
  opened.handler.upgrade(port, { context: { actor: personActor('window') } })
  port.start()
}

async function shutdown(opening: Promise<Opened | null>): Promise<void> {
  try {
    await (await opening)?.close()
  } catch (error) {
    process.stderr.write(`error: closing the workspace: ${error instanceof Error ? error.message : String(error)}\n`)
  }
  process.exit(0)
}

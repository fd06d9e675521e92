import { MessageChannelMain, type MessagePortMain, utilityProcess, type WebFrameMain } from 'electron'
import { fromEngineSchema, type FromEngine, type ToEngine } from '../../shared/contract/engine-process.contract.ts'
import { ENGINE_PORT_MESSAGE } from '../../shared/contract/host.contract.ts'
import { toProblem, type Problem } from '../../shared/domain/problem.ts'
import type { Keychain } from './keychain.ts'
import { createWorkerBroker } from './worker-broker.ts'

export interface WorkspaceChoice {
  workspaceDir: string
  /** What to make of the folder when it is no workspace yet. */
  create: 'nothing' | 'empty' | 'sample'
}

/** Where the built parts lie, and what the engine is told about the program. */
export interface EngineFiles {
  engineHostPath: string
  workersDir: string
  sampleDir: string
  appVersion: string
}

export type EngineReport = Exclude<FromEngine, { type: 'worker:spawn' | 'worker:kill' | 'keychain' }>

interface StartOptions {
  files: EngineFiles
  choice: WorkspaceChoice
  keychain: Keychain
  onReport: (report: EngineReport) => void
  onExit: (code: number) => void
}

/** One engine process with its workers, from start to end. */
export interface EngineProcess {
  /** Sends a frame its own port to the engine. */
  connect(frame: WebFrameMain): void
  /** Closes the workspace and ends the process; forcibly when that takes too long. */
  stop(): Promise<void>
  kill(): void
}

const STOP_GRACE_MS = 5_000

/** Starts an engine on a workspace, and the workers that it asks for. */
export function startEngineProcess({ files, choice, keychain, onReport, onExit }: StartOptions): EngineProcess {
  const child = utilityProcess.fork(files.engineHostPath, [], { serviceName: 'Strata engine' })
  let isAlive = true
  const tell = (message: ToEngine, ports: MessagePortMain[] = []): void => {
    if (isAlive) child.postMessage(message, ports)
  }
  const workers = createWorkerBroker(files.workersDir, tell)
  const ended = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      isAlive = false
      workers.killAll()
      resolve()
      onExit(code)
    })
  })
  child.on('message', (raw: unknown) => {
    const message = fromEngineSchema.parse(raw)
    if (message.type === 'worker:spawn') workers.spawn(message.id, message.kind)
    else if (message.type === 'worker:kill') workers.kill(message.id)
    else if (message.type === 'keychain') void openSecrets(keychain, message).then((answer) => tell({ type: 'keychain', id: message.id, answer }))
    else onReport(message)
  })
  tell({ type: 'init', ...choice, sampleDir: files.sampleDir, appVersion: files.appVersion })
  return {
    connect(frame) {
      const { port1, port2 } = new MessageChannelMain()
      tell({ type: 'connect' }, [port1])
      frame.postMessage(ENGINE_PORT_MESSAGE, null, [port2])
    },
    async stop() {
      tell({ type: 'shutdown' })
      const timer = setTimeout(() => child.kill(), STOP_GRACE_MS)
      await ended
      clearTimeout(timer)
    },
    kill: () => void child.kill(),
  }
}

async function openSecrets(keychain: Keychain, { workspaceDir, request }: Extract<FromEngine, { type: 'keychain' }>): Promise<{ value: unknown } | { problem: Problem }> {
  try {
    return { value: await keychain.answer(workspaceDir, request) }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

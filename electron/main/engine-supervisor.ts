import { MessageChannelMain, type MessagePortMain, utilityProcess, type UtilityProcess, type WebFrameMain } from 'electron'
import { fromEngineSchema, type FromEngine, type ToEngine } from '../../shared/contract/engine-process.contract.ts'
import { ENGINE_PORT_MESSAGE, type EngineState } from '../../shared/contract/host.contract.ts'
import { createWorkerBroker } from './worker-broker.ts'

export interface WorkspaceChoice {
  workspaceDir: string
  /** What to make of the folder when it is no workspace yet. */
  create: 'nothing' | 'empty' | 'sample'
}

interface SupervisorOptions {
  /** Built entry of the engine process, and folder of the built workers. */
  engineHostPath: string
  workersDir: string
  sampleDir: string
  appVersion: string
  onState(state: EngineState): void
  onActiveRuns(count: number): void
}

export interface EngineSupervisor {
  readonly state: EngineState
  readonly activeRuns: number
  /** Opens a workspace, after closing the one that is open. */
  open(choice: WorkspaceChoice): Promise<void>
  /** Starts the engine on the same workspace again, after it was given up. */
  restart(): void
  /** Sends a frame its port to the engine, when the engine is up. */
  connect(frame: WebFrameMain): void
  /** Closes the workspace and ends the engine. */
  stop(): Promise<void>
}

const MAX_RESTARTS = 5
const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 8_000
/** An engine that held this long has recovered: its next end counts as the first. */
const STEADY_MS = 60_000
const STOP_GRACE_MS = 5_000

/** Keeps one engine process alive on one workspace, and says how it goes. */
export function createEngineSupervisor(options: SupervisorOptions): EngineSupervisor {
  let choice: WorkspaceChoice = { workspaceDir: '', create: 'nothing' }
  let state: EngineState = { state: 'starting', workspaceDir: '' }
  let child: UtilityProcess | null = null
  let restarts = 0
  let upSince = 0
  let activeRuns = 0
  let retry: NodeJS.Timeout | undefined

  const setState = (next: EngineState): void => {
    state = next
    options.onState(next)
  }
  const setActiveRuns = (count: number): void => {
    activeRuns = count
    options.onActiveRuns(count)
  }

  function start(): void {
    const { workspaceDir, create } = choice
    setState({ state: 'starting', workspaceDir })
    const engine = utilityProcess.fork(options.engineHostPath, [], { serviceName: 'Strata engine' })
    let isAlive = true
    const tell = (message: ToEngine, ports: MessagePortMain[] = []): void => {
      if (isAlive) engine.postMessage(message, ports)
    }
    const workers = createWorkerBroker(options.workersDir, tell)
    child = engine
    engine.on('message', (raw: unknown) => {
      const message = fromEngineSchema.parse(raw)
      if (message.type === 'worker:spawn') workers.spawn(message.id, message.kind)
      else if (message.type === 'worker:kill') workers.kill(message.id)
      else if (child === engine) onMessage(message)
    })
    engine.on('exit', (code) => {
      isAlive = false
      workers.killAll()
      if (child === engine) onUnexpectedEnd(code)
    })
    tell({ type: 'init', workspaceDir, create, sampleDir: options.sampleDir, appVersion: options.appVersion })
  }

  function onMessage(message: Exclude<FromEngine, { type: 'worker:spawn' | 'worker:kill' }>): void {
    const { workspaceDir } = choice
    switch (message.type) {
      case 'up':
        choice = { workspaceDir, create: 'nothing' }
        upSince = Date.now()
        return setState({ state: 'up', workspaceDir })
      case 'failed': {
        const ended = child
        child = null
        ended?.kill()
        return setState({ state: 'failed', workspaceDir, problem: message.problem })
      }
      case 'active-runs':
        return setActiveRuns(message.count)
    }
  }

  function onUnexpectedEnd(code: number): void {
    const { workspaceDir } = choice
    child = null
    setActiveRuns(0)
    if (state.state === 'up' && Date.now() - upSince > STEADY_MS) restarts = 0
    restarts++
    const reason = `The engine ended unexpectedly (code ${code})`
    if (restarts > MAX_RESTARTS) {
      const hint = 'Published data is safe. The log is in .strata/logs/desktop-host.log of the workspace'
      const problem = { code: 'ENGINE_DOWN' as const, message: `${reason}, ${restarts} times in a row`, details: {}, retryable: true, hint }
      return setState({ state: 'failed', workspaceDir, problem })
    }
    const restartInMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (restarts - 1))
    setState({ state: 'down', workspaceDir, reason, restartInMs, attempt: restarts })
    retry = setTimeout(start, restartInMs)
  }

  async function stop(): Promise<void> {
    clearTimeout(retry)
    const ending = child
    child = null
    if (ending === null) return
    const ended = new Promise<void>((resolve) => void ending.once('exit', () => resolve()))
    const message: ToEngine = { type: 'shutdown' }
    ending.postMessage(message)
    const timer = setTimeout(() => ending.kill(), STOP_GRACE_MS)
    await ended
    clearTimeout(timer)
    setActiveRuns(0)
  }

  return {
    get state() {
      return state
    },
    get activeRuns() {
      return activeRuns
    },
    async open(next) {
      await stop()
      choice = next
      restarts = 0
      start()
    },
    restart() {
      if (state.state !== 'failed') return
      restarts = 0
      start()
    },
    connect(frame) {
      if (state.state !== 'up' || child === null) return
      const { port1, port2 } = new MessageChannelMain()
      const message: ToEngine = { type: 'connect' }
      child.postMessage(message, [port1])
      frame.postMessage(ENGINE_PORT_MESSAGE, null, [port2])
    },
    stop,
  }
}

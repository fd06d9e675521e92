import type { WebFrameMain } from 'electron'
import type { EngineState } from '../../shared/contract/host.contract.ts'
import type { Keychain } from './keychain.ts'
import { type EngineFiles, type EngineProcess, type EngineReport, startEngineProcess, type WorkspaceChoice } from './engine-process.ts'

interface SupervisorOptions {
  files: EngineFiles
  keychain: Keychain
  onState: (state: EngineState) => void
  onActiveRuns: (count: number) => void
}

const MAX_RESTARTS = 5
const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 8_000
/** An engine that held this long has recovered: its next end counts as the first. */
const STEADY_MS = 60_000

/** Keeps one engine alive on one workspace, and says how it goes. */
export class EngineSupervisor {
  readonly #options: SupervisorOptions
  #choice: WorkspaceChoice = { workspaceDir: '', create: 'nothing' }
  #state: EngineState = { state: 'starting', workspaceDir: '' }
  #engine: EngineProcess | null = null
  #restarts = 0
  #upSince = 0
  #activeRuns = 0
  #retry: NodeJS.Timeout | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get state(): EngineState {
    return this.#state
  }

  get activeRuns(): number {
    return this.#activeRuns
  }

  /** Opens a workspace, after closing the one that is open. */
  async open(choice: WorkspaceChoice): Promise<void> {
    await this.stop()
    this.#choice = choice
    this.#restarts = 0
    this.#start()
  }

  /** Starts the engine on the same workspace again, after it was given up. */
  restart(): void {
    if (this.#state.state !== 'failed') return
    this.#restarts = 0
    this.#start()
  }

  /** Sends a frame its port to the engine, when the engine is up. */
  connect(frame: WebFrameMain): void {
    if (this.#state.state === 'up') this.#engine?.connect(frame)
  }

  /** Closes the workspace and ends the engine. */
  async stop(): Promise<void> {
    clearTimeout(this.#retry)
    const engine = this.#engine
    this.#engine = null
    await engine?.stop()
    this.#setActiveRuns(0)
  }

  #start(): void {
    this.#setState({ state: 'starting', workspaceDir: this.#choice.workspaceDir })
    const engine: EngineProcess = startEngineProcess({
      files: this.#options.files,
      keychain: this.#options.keychain,
      choice: this.#choice,
      // What an engine says that has been let go is of no matter.
      onReport: (report) => void (this.#engine === engine && this.#onReport(report)),
      onExit: (code) => void (this.#engine === engine && this.#onUnexpectedEnd(code)),
    })
    this.#engine = engine
  }

  #onReport(report: EngineReport): void {
    const { workspaceDir } = this.#choice
    switch (report.type) {
      case 'up':
        this.#choice = { workspaceDir, create: 'nothing' }
        this.#upSince = Date.now()
        return this.#setState({ state: 'up', workspaceDir })
      case 'failed':
        this.#engine?.kill()
        this.#engine = null
        return this.#setState({ state: 'failed', workspaceDir, problem: report.problem })
      case 'active-runs':
        return this.#setActiveRuns(report.count)
    }
  }

  #onUnexpectedEnd(code: number): void {
    const { workspaceDir } = this.#choice
    this.#engine = null
    this.#setActiveRuns(0)
    if (this.#state.state === 'up' && Date.now() - this.#upSince > STEADY_MS) this.#restarts = 0
    this.#restarts++
    const reason = `The engine ended unexpectedly (code ${code})`
    if (this.#restarts > MAX_RESTARTS) {
      const hint = 'Published data is safe. The log is .strata/logs/desktop-host.log in the workspace'
      const message = `${reason}, ${this.#restarts} times in a row`
      return this.#setState({ state: 'failed', workspaceDir, problem: { code: 'ENGINE_DOWN', message, details: {}, retryable: true, hint } })
    }
    const restartInMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#restarts - 1))
    this.#setState({ state: 'down', workspaceDir, reason, restartInMs, attempt: this.#restarts })
    this.#retry = setTimeout(() => this.#start(), restartInMs)
  }

  #setState(state: EngineState): void {
    this.#state = state
    this.#options.onState(state)
  }

  #setActiveRuns(count: number): void {
    this.#activeRuns = count
    this.#options.onActiveRuns(count)
  }
}

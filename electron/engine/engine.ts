import type { AnyRouter } from '@orpc/server'
import type { SecretsVault } from './secrets/secrets-vault.ts'
import type { WorkerSpawner } from './workers/wire.ts'

export interface EngineLog {
  (level: 'debug' | 'info' | 'warn' | 'error', text: string, facts?: Record<string, unknown>): void
}

export interface EngineOptions {
  /** Absolute path of an existing workspace folder. */
  workspaceDir: string
  host: 'desktop' | 'browser' | 'cli'
  appVersion: string
  spawnWorker: WorkerSpawner
  /** Secrets of this workspace, wherever the host keeps them. */
  secrets: SecretsVault
  log: EngineLog
  /** Milliseconds since the epoch. */
  clock?: () => number
  /** Resume interrupted runs at opening, unless the workspace says `resume: ask` (default true for window hosts, false for the command line). */
  resumeInterrupted?: boolean
  /** How long a delivered file must stay as it is before it starts a run; 10 s where it is not given. */
  fileRestMs?: number
  /** What to do while another Strata has the workspace open: an engine that only reads, or WORKSPACE_LOCKED (the default for window hosts). */
  whenLocked?: 'read' | 'refuse'
}

export interface Engine {
  /** Implements shared/contract/contract.ts; every host serves this and nothing else. */
  readonly router: AnyRouter
  readonly workspaceDir: string
  /** Another Strata holds the workspace, so this one changes nothing. */
  readonly isReadonly: boolean
  /** Number of runs that are queued or running; the desktop asks before quitting. */
  activeRuns(): number
  onActiveRuns(listener: (count: number) => void): void
  /** Other programs that work in this engine at the moment. */
  attachedClients(): number
  /** Whether there ever were any. */
  wasAttached(): boolean
  /** No further program may attach; those that are attached stay. */
  refuseClients(): void
  /** Where the host shows its window, for others that find the workspace open. */
  announceWindow(url: string): void
  /** Stops taking work, interrupts runs in a way that can be resumed, ends workers, closes the ledger, frees the lock. */
  close(): Promise<void>
}

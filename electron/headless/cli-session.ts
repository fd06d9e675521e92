import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Engine, EngineLog } from '../engine/engine.ts'
import type { AttachInfo } from '../engine/serve/attach-file.ts'
import { createLayout } from '../engine/zones/layout.ts'
import type { AppFiles } from './app-root.ts'
import type { Attached } from './attach.ts'
import type { StrataClient } from './client.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { openEngine } from './open-engine.ts'
import { readProblem } from './read-problem.ts'
import { type CommandReveal, withReveal } from './reveal-for-command.ts'
import type { Terminal } from './terminal/terminal.ts'
import { findWorkspace, requireWorkspace } from './workspace-folder.ts'

/** What every command is given. */
export interface Cli {
  readonly out: Terminal
  readonly files: AppFiles
  /** Aborted by the first Ctrl+C; the second ends the process. */
  readonly signal: AbortSignal
  /** The workspace that --workspace names, else the one around the current folder. */
  workspaceDir(): string
  /**
   * Opens the engine on the workspace for as long as `use` takes, or works in the one that has it open already: `attachedTo` says which.
   * When neither can be had (it does not answer), the ledger is opened beside it, and only reading works.
   */
  withClient<T>(use: (client: StrataClient, attachedTo: AttachInfo | null) => Promise<T>): Promise<T>
  /** Makes the process end with `code` when the command is through; the highest of several wins. */
  exitWith(code: ExitCode): void
  readonly exitCode: ExitCode
}

interface CliOptions {
  out: Terminal
  files: AppFiles
  signal: AbortSignal
  env: NodeJS.ProcessEnv
  cwd: string
  /** The value of --workspace, known when the arguments have been read. */
  namedWorkspace: () => string | undefined
  /** What --reveal asks for, known with it. */
  reveal: () => CommandReveal | null
}

export function createCli({ out, files, signal, env, cwd, namedWorkspace, reveal }: CliOptions): Cli {
  let exitCode: ExitCode = EXIT.done
  const workspaceDir = (): string => {
    const named = namedWorkspace()
    return named === undefined ? findWorkspace(cwd) : requireWorkspace(named)
  }
  const log = createCliLog(out, env['STRATA_LOG'])
  return {
    out,
    files,
    signal,
    workspaceDir,
    async withClient(use) {
      const revealed = reveal()
      const found = await reachEngine({ workspaceDir: workspaceDir(), host: 'cli', files, env, log, resumeInterrupted: false })
      if ('client' in found) return useAttached(found, (client, info) => withReveal(client, revealed, () => use(client, info)))
      const { createInProcessClient } = await import('./client.ts')
      try {
        const client = createInProcessClient(found)
        return await withReveal(client, revealed, () => use(client, null))
      } finally {
        await finishForOthers(found, { out, signal })
        await found.close()
      }
    },
    exitWith(code) {
      if (code > exitCode) exitCode = code
    },
    get exitCode() {
      return exitCode
    },
  }
}

async function tryAttach(attachFile: string, version: string): Promise<Attached | null> {
  if (!existsSync(attachFile)) return null
  const { attach } = await import('./attach.ts')
  return attach(attachFile, version)
}

async function useAttached<T>(attached: Attached, use: (client: StrataClient, attachedTo: AttachInfo) => Promise<T>): Promise<T> {
  try {
    return await use(attached.client, attached.info)
  } finally {
    await attached.close()
  }
}

const REACH_ATTEMPTS = 8

/**
 * The engine that has the workspace open, else one of our own. Several tries, because one that has just taken the lock serves its
 * endpoint a moment later, and one that is about to end has stopped serving it before it frees the lock.
 */
async function reachEngine(options: Parameters<typeof openEngine>[0]): Promise<Attached | Engine> {
  const { attachFile } = createLayout(options.workspaceDir)
  for (let attempt = 0; attempt < REACH_ATTEMPTS; attempt++) {
    const attached = await tryAttach(attachFile, options.files.version)
    if (attached !== null) return attached
    try {
      return await openEngine({ ...options, whenLocked: 'refuse' })
    } catch (error) {
      if (readProblem(error).code !== 'WORKSPACE_LOCKED') throw error
      await delay(LOOK_EVERY_MS)
    }
  }
  return openEngine({ ...options, whenLocked: 'read' })
}

const LOOK_EVERY_MS = 50
const LAST_WORDS_LOOKS = 200

/** Runs that others started in this engine end with it, so it stays until they are through, and then until others have read how it went. */
async function finishForOthers(engine: Engine, { out, signal }: Pick<CliOptions, 'out' | 'signal'>): Promise<void> {
  if (!engine.wasAttached()) return
  // Aborted before, it was about this command's own work; a second Ctrl+C ends the process whatever it waits for.
  const mayAbort = !signal.aborted
  const isStopped = (): boolean => mayAbort && signal.aborted
  if (engine.activeRuns() > 0) out.note('Another command has runs here; this one stays until they are through (Ctrl+C interrupts them, to be resumed)')
  while (engine.activeRuns() > 0 && !isStopped()) await delay(LOOK_EVERY_MS)
  engine.refuseClients()
  for (let look = 0; look < LAST_WORDS_LOOKS && engine.attachedClients() > 0 && !isStopped(); look++) await delay(LOOK_EVERY_MS)
}

/** Errors only, since the command itself says how things went; STRATA_LOG=debug, info or warn shows more. */
function createCliLog(out: Terminal, threshold = 'error'): EngineLog {
  const levels = ['debug', 'info', 'warn', 'error'] as const
  const lowest = levels.findIndex((level) => level === threshold)
  return (level, text) => {
    if (levels.indexOf(level) >= lowest) out.note(`${level}: ${text}`)
  }
}

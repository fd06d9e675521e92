import type { EngineLog } from '../engine/engine.ts'
import type { AppFiles } from './app-root.ts'
import type { StrataClient } from './client.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { openEngine } from './open-engine.ts'
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
  /** Opens the engine on the workspace for as long as `use` takes. */
  withClient<T>(use: (client: StrataClient) => Promise<T>): Promise<T>
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
}

export function createCli({ out, files, signal, env, cwd, namedWorkspace }: CliOptions): Cli {
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
      const [engine, { createInProcessClient }] = await Promise.all([
        openEngine({ workspaceDir: workspaceDir(), host: 'cli', files, env, log, resumeInterrupted: false }),
        import('./client.ts'),
      ])
      try {
        return await use(createInProcessClient(engine))
      } finally {
        await engine.close()
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

/** Errors only, since the command itself says how things went; STRATA_LOG=debug, info or warn shows more. */
function createCliLog(out: Terminal, threshold = 'error'): EngineLog {
  const levels = ['debug', 'info', 'warn', 'error'] as const
  const lowest = levels.findIndex((level) => level === threshold)
  return (level, text) => {
    if (levels.indexOf(level) >= lowest) out.note(`${level}: ${text}`)
  }
}

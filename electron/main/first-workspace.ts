import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { WorkspaceChoice } from './engine-process.ts'

/** The file that makes a folder a workspace. */
export const MARKER = 'strata.yaml'
const SAMPLE_NAME = 'rare-disease'

interface FirstWorkspaceOptions {
  /** Named on the command line, as an absolute path. */
  named: string | null
  recent: readonly string[]
  env: NodeJS.ProcessEnv
}

/** What to open at the start: what was named, else the last one that is still there, else the sample, made where it is missing. */
export function firstWorkspace({ named, recent, env }: FirstWorkspaceOptions): WorkspaceChoice {
  if (named !== null) return { workspaceDir: named, create: 'nothing' }
  const last = recent.find(isWorkspace)
  if (last !== undefined) return { workspaceDir: last, create: 'nothing' }
  const workspaceDir = join(env['STRATA_HOME'] ?? join(homedir(), 'Strata'), SAMPLE_NAME)
  return { workspaceDir, create: isWorkspace(workspaceDir) ? 'nothing' : 'sample' }
}

/** The folder in a command line: what is no switch, after the program and, in a checkout, the app's own folder. */
export function namedWorkspace(argv: readonly string[], { cwd, isPackaged }: { cwd: string; isPackaged: boolean }): string | null {
  const named = argv.slice(1).filter((arg) => !arg.startsWith('-'))[isPackaged ? 0 : 1]
  return named === undefined ? null : resolve(cwd, named)
}

export function isWorkspace(folder: string): boolean {
  return existsSync(join(folder, MARKER))
}

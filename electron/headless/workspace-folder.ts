import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ProblemError } from '../../shared/domain/problem.ts'

const MARKER = 'strata.yaml'

export const SAMPLE_NAME = 'rare-disease'

/** The workspace that `from` lies in: the nearest folder above it, or itself, that holds strata.yaml. */
export function findWorkspace(from: string): string {
  let folder = resolve(from)
  while (!isWorkspace(folder)) {
    const parent = dirname(folder)
    if (parent === folder) {
      throw new ProblemError('NOT_FOUND', `No ${MARKER} in ${resolve(from)} or above it`, {
        hint: 'Go to a workspace folder, name one with --workspace DIR, or make one with: strata init <dir>',
      })
    }
    folder = parent
  }
  return folder
}

/** `dir` as an absolute path, when it is a workspace. */
export function requireWorkspace(dir: string): string {
  const folder = resolve(dir)
  if (isWorkspace(folder)) return folder
  const what = existsSync(folder) ? `${folder} is not a workspace: it has no ${MARKER}` : `There is no folder ${folder}`
  throw new ProblemError('NOT_FOUND', what, { hint: `Make a workspace there with: strata init ${dir}` })
}

export function isWorkspace(folder: string): boolean {
  return existsSync(join(folder, MARKER))
}

/** Where the sample workspace is copied to for people who name none: `~/Strata/rare-disease`, or under STRATA_HOME. */
export function defaultWorkspace(env: NodeJS.ProcessEnv): string {
  return join(env['STRATA_HOME'] ?? join(homedir(), 'Strata'), SAMPLE_NAME)
}

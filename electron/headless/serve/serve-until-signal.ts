import { join } from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { openFileLog } from '../../engine/file-log.ts'
import { type AttachInfo, readAttachInfo } from '../../engine/serve/attach-file.ts'
import { createLayout } from '../../engine/zones/layout.ts'
import { findAppFiles } from '../app-root.ts'
import { ensureSample } from '../open-engine.ts'
import { defaultWorkspace, requireWorkspace, SAMPLE_NAME } from '../workspace-folder.ts'
import { openBrowser } from './open-browser.ts'
import { serveWorkspace } from './serve-workspace.ts'

interface ServeRequest {
  /** Undefined: the sample workspace, copied to its place first when it is not there. */
  workspace: string | undefined
  port: number
  /** Show it in a browser. */
  open: boolean
  /** Aborting ends the serving. */
  signal: AbortSignal
}

/**
 * Serves a workspace, prints the address as the one line on stdout, and closes cleanly when `signal` aborts. A workspace that another
 * browser host serves already is shown there: its address is printed, and nothing more is started.
 * @throws WORKSPACE_LOCKED when the workspace is open in a Strata that has no address
 */
export async function serveUntilSignal({ workspace, port, open, signal }: ServeRequest): Promise<void> {
  const files = findAppFiles(import.meta.url)
  const workspaceDir = workspace === undefined ? defaultWorkspace(process.env) : requireWorkspace(workspace)
  if (workspace === undefined) await ensureSample(workspaceDir, join(files.samplesDir, SAMPLE_NAME))
  const fileLog = openFileLog(join(workspaceDir, '.strata', 'logs', 'browser-host.log'), (text) => process.stderr.write(`${text}\n`))
  try {
    const serving = await serveWorkspace({ workspaceDir, port, openBrowser: open, files, env: process.env, log: fileLog.log })
    process.stdout.write(`Strata is at ${serving.url}\n`)
    await aborted(signal)
    await serving.close()
  } catch (error) {
    const elsewhere = isLocked(error) ? readAttachInfo(createLayout(workspaceDir).attachFile) : null
    if (elsewhere !== null && elsewhere.windowUrl !== null) return offer(elsewhere, open)
    throw isPortTaken(error) ? new ProblemError('CONFLICT', `Port ${port} is taken`, { hint: 'Name another with --port, or none for any free one', cause: error }) : error
  } finally {
    fileLog.close()
  }
}

function offer({ windowUrl, host, pid, since }: AttachInfo, open: boolean): void {
  process.stderr.write(`The workspace is open already (${host}, process ${pid}, since ${since}); it is served there\n`)
  process.stdout.write(`Strata is at ${windowUrl}\n`)
  if (open && windowUrl !== null) openBrowser(windowUrl, process.platform)
}

function isLocked(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'WORKSPACE_LOCKED'
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

import { type BrowserWindow, dialog } from 'electron'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { WorkspaceChoice } from './engine-process.ts'
import { isWorkspace, MARKER } from './first-workspace.ts'

/** The folder that a person picks; offers to make a workspace of one that is none. Null when nothing is to be opened. */
export async function pickWorkspace(window: BrowserWindow, near: string | null): Promise<WorkspaceChoice | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open workspace',
    buttonLabel: 'Open',
    properties: ['openDirectory', 'createDirectory'],
    ...(near === null ? {} : { defaultPath: dirname(near) }),
  })
  const [workspaceDir] = filePaths
  return canceled || workspaceDir === undefined ? null : confirmWorkspace(window, workspaceDir)
}

/** Opens a workspace as it is; asks before a folder that is none becomes one. */
export async function confirmWorkspace(window: BrowserWindow, workspaceDir: string): Promise<WorkspaceChoice | null> {
  if (isWorkspace(workspaceDir)) return { workspaceDir, create: 'nothing' }
  if (!existsSync(workspaceDir)) {
    await dialog.showMessageBox(window, { type: 'error', message: 'The folder is not there any more', detail: workspaceDir, buttons: ['Close'] })
    return null
  }
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'This folder is not a workspace yet',
    detail: `${workspaceDir} has no ${MARKER}. Strata can make an empty workspace of it; the files that are there stay as they are.`,
    buttons: ['Make a workspace here', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  })
  return response === 0 ? { workspaceDir, create: 'empty' } : null
}

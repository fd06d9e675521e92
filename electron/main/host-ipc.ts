import { app, BrowserWindow, dialog, ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, shell } from 'electron'
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { EngineState, HostTheme, MenuKeys, SaveFileRequest } from '../../shared/contract/host.contract.ts'
import { isPageUrl } from './app-protocol.ts'
import type { DesktopStateStore } from './desktop-state.ts'
import type { EngineSupervisor } from './engine-supervisor.ts'
import { isInside } from './inside-folder.ts'

interface HostIpcOptions {
  supervisor: EngineSupervisor
  store: DesktopStateStore
  openWorkspace: (window: BrowserWindow) => Promise<string | null>
  setTheme: (theme: HostTheme) => void
  setMenuKeys: (keys: MenuKeys) => void
  openWindow: (opener: BrowserWindow | null, address: string) => void
}

const saveFileSchema = z.strictObject({ suggestedName: z.string().min(1).max(255), format: z.enum(['csv', 'parquet']) })
const pathSchema = z.string().min(1).max(32_768)
/** A view of the page, and nothing else. */
const addressSchema = z.string().regex(/^#\/[^\n]*$/).max(300_000)
/** Modifiers and one key: what the menu cannot read would keep all of it from being shown. */
const acceleratorSchema = z.string().regex(/^((CmdOrCtrl|Alt|Shift)\+)*([A-Z0-9]|F\d{1,2}|Left|Right|Up|Down|Enter|Space|[,./;'[\]\\=-])$/)
const menuKeysSchema = z.partialRecord(z.enum(['window', 'export', 'palette', 'settings', 'theme:system', 'theme:light', 'theme:dark']), z.string().max(60)).transform((keys): MenuKeys => Object.fromEntries(Object.entries(keys).filter(([, accelerator]) => acceleratorSchema.safeParse(accelerator).success)))
const themeSchema = z.enum(['system', 'light', 'dark'])

const FORMAT_NAMES: Readonly<Record<SaveFileRequest['format'], string>> = { csv: 'CSV', parquet: 'Parquet' }

/** The verbs of `window.strataHost`. Every message is held to the page's own frame and to its schema. */
export function registerHostIpc({ supervisor, store, openWorkspace, setTheme, setMenuKeys, openWindow }: HostIpcOptions): void {
  const savedPaths = new Set<string>()
  on('engine:request', (event) => {
    if (event.senderFrame !== null) supervisor.connect(event.senderFrame)
  })
  on('engine:restart', () => supervisor.restart())
  on('theme:set', (_event, input) => setTheme(themeSchema.parse(input)))
  on('keys:set', (_event, input) => setMenuKeys(menuKeysSchema.parse(input)))
  on('window:open', ({ sender }, input) => openWindow(BrowserWindow.fromWebContents(sender), addressSchema.parse(input)))
  handle('engine:state', (): EngineState => supervisor.state)
  handle('workspace:open', async (window) => openWorkspace(window))
  handle('file:save', async (window, input) => {
    const path = await askWhereToSave(window, saveFileSchema.parse(input), store)
    if (path !== null) savedPaths.add(path)
    return path
  })
  handle('file:reveal', (_window, input) => {
    const path = resolve(pathSchema.parse(input))
    const isKnown = savedPaths.has(path) || isInside(supervisor.state.workspaceDir, path)
    if (!isKnown || !existsSync(path)) return false
    shell.showItemInFolder(path)
    return true
  })
}

async function askWhereToSave(window: BrowserWindow, { suggestedName, format }: SaveFileRequest, store: DesktopStateStore): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Export',
    defaultPath: join(store.get().lastSaveDir ?? app.getPath('downloads'), basename(suggestedName)),
    filters: [{ name: FORMAT_NAMES[format], extensions: [format] }],
  })
  if (canceled || filePath === '') return null
  store.set({ lastSaveDir: dirname(filePath) })
  return filePath
}

function on(channel: string, listener: (event: IpcMainEvent, input: unknown) => void): void {
  ipcMain.on(channel, (event, input: unknown) => {
    if (isFromPage(event)) listener(event, input)
  })
}

function handle(channel: string, listener: (window: BrowserWindow, input: unknown) => unknown): void {
  ipcMain.handle(channel, (event, input: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!isFromPage(event) || window === null) throw new Error('Refused')
    return listener(window, input)
  })
}

/** The frame may be gone already; a frame inside the page has no business here. */
function isFromPage({ senderFrame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isPageUrl(senderFrame.url)
}

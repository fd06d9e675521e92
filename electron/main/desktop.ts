import { app, type BrowserWindow, Menu, nativeTheme, powerSaveBlocker, safeStorage } from 'electron'
import { join } from 'node:path'
import { z } from 'zod'
import type { EngineState, HostTheme, MenuCommand, MenuKeys } from '../../shared/contract/host.contract.ts'
import { handleAppScheme } from './app-protocol.ts'
import { type DesktopStateStore, openDesktopState, withRecent } from './desktop-state.ts'
import type { WorkspaceChoice } from './engine-process.ts'
import { EngineSupervisor } from './engine-supervisor.ts'
import { firstWorkspace } from './first-workspace.ts'
import { guardPermissions } from './guards.ts'
import { registerHostIpc } from './host-ipc.ts'
import { openKeychain } from './keychain.ts'
import { menuTemplate } from './menu.ts'
import { confirmWorkspace, pickWorkspace } from './open-workspace.ts'
import { askToInterrupt, createQuitGuard } from './quit-guard.ts'
import { createWindows } from './windows.ts'

const secondStartSchema = z.object({ named: z.string().nullable() })

/** The desktop program, from the moment Electron is ready: its windows, one engine, one workspace at a time. */
export function startDesktop(named: string | null): void {
  const inDist = (...parts: string[]): string => join(app.getAppPath(), 'dist', ...parts)
  const store = openDesktopState(join(app.getPath('userData'), 'desktop.json'))
  const supervisor = new EngineSupervisor({
    files: {
      engineHostPath: inDist('engine-host', 'engine-host.js'),
      workersDir: inDist('workers'),
      sampleDir: join(app.getAppPath(), 'resources', 'sample', 'rare-disease'),
      appVersion: app.getVersion(),
    },
    keychain: openKeychain({ file: join(app.getPath('userData'), 'secrets.json'), sealer: safeStorage, clock: Date.now, platform: process.platform }),
    onState: (state) => onEngineState(state),
    onActiveRuns: createRunsIndicator(),
  })
  const quitGuard = createQuitGuard(() => supervisor.activeRuns, () => windows.current())
  const windows = createWindows({ preloadPath: inDist('preload', 'preload.cjs'), store, mayCloseLast: () => process.platform === 'darwin' || quitGuard.mayQuit() })
  const desktop = createActions({ supervisor, store, window: windows.current })

  function onEngineState(state: EngineState): void {
    if (state.state === 'up') {
      store.set({ recent: withRecent(store.get().recent, state.workspaceDir) })
      desktop.refreshMenu()
    }
    windows.send('engine:state', state)
  }

  nativeTheme.themeSource = store.get().theme
  guardPermissions()
  handleAppScheme(inDist('renderer'))
  registerHostIpc({ supervisor, store, openWorkspace: desktop.openWorkspace, setTheme: desktop.setTheme, setMenuKeys: desktop.setMenuKeys, openWindow: (opener, address) => windows.open(address, opener) })
  desktop.refreshMenu()
  const first = firstWorkspace({ named, recent: store.get().recent, env: process.env })
  void supervisor.open(first)
  // Where no workspace was ever opened, somebody is new.
  windows.open(first.create === 'sample' ? '#/welcome' : '#/overview', null)
  app.on('activate', () => {
    if (windows.current() === null) windows.open('#/overview', null)
  })
  app.on('second-instance', (...[, , , data]) => {
    const window = windows.current()
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
    const second = secondStartSchema.safeParse(data)
    if (second.success && second.data.named !== null) void desktop.openFolder(second.data.named)
  })
  quitInOrder(supervisor, quitGuard.mayQuit)
}

/** Closes the engine before the program ends, whatever ends it. */
function quitInOrder(supervisor: EngineSupervisor, mayQuit: () => boolean): void {
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', (event) => {
    if (!mayQuit()) event.preventDefault()
  })
  let isStopping = false
  app.on('will-quit', (event) => {
    event.preventDefault()
    if (isStopping) return
    isStopping = true
    void supervisor.stop().finally(() => app.exit(0))
  })
}

interface ActionOptions {
  supervisor: EngineSupervisor
  store: DesktopStateStore
  window: () => BrowserWindow | null
}

/** What menu and page can make the desktop do. */
function createActions({ supervisor, store, window }: ActionOptions) {
  async function open(choice: WorkspaceChoice | null): Promise<string | null> {
    if (choice === null) return null
    const isOpen = choice.workspaceDir === supervisor.state.workspaceDir && supervisor.state.state !== 'failed'
    if (isOpen) return choice.workspaceDir
    const runs = supervisor.activeRuns
    if (runs > 0 && !(await askToInterrupt(runs, window(), { stop: 'Open the other workspace', keep: 'Keep running' }))) return null
    await supervisor.open(choice)
    return choice.workspaceDir
  }
  async function openFolder(workspaceDir: string): Promise<void> {
    const parent = window()
    if (parent !== null) await open(await confirmWorkspace(parent, workspaceDir))
  }
  async function openWorkspace(parent: BrowserWindow): Promise<string | null> {
    return open(await pickWorkspace(parent, store.get().recent[0] ?? null))
  }
  let keys: MenuKeys = {}
  function refreshMenu(): void {
    const template = menuTemplate({
      platform: process.platform,
      isDev: !app.isPackaged,
      theme: store.get().theme,
      keys,
      recent: store.get().recent,
      openWorkspace() {
        const parent = window()
        if (parent !== null) void openWorkspace(parent)
      },
      openRecent: (workspaceDir) => void openFolder(workspaceDir),
      command: (command: MenuCommand) => window()?.webContents.send('menu:command', command),
      showAbout: () => app.showAboutPanel(),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
  function setTheme(theme: HostTheme): void {
    if (theme === store.get().theme) return
    store.set({ theme })
    nativeTheme.themeSource = theme
    refreshMenu()
  }
  function setMenuKeys(next: MenuKeys): void {
    if (JSON.stringify(next) === JSON.stringify(keys)) return
    keys = next
    refreshMenu()
  }
  return { openWorkspace, openFolder, refreshMenu, setTheme, setMenuKeys }
}

/** While runs go on, the machine does not fall asleep under them. */
function createRunsIndicator(): (count: number) => void {
  let blocker: number | null = null
  return (count) => {
    if (count > 0) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
}

import type { MenuItemConstructorOptions } from 'electron'
import type { HostTheme, MenuCommand, MenuKeys } from '../../shared/contract/host.contract.ts'

interface MenuOptions {
  platform: NodeJS.Platform
  /** Started from a checkout: shows the tools of developers. */
  isDev: boolean
  theme: HostTheme
  /** As the page says they are now. */
  keys: MenuKeys
  /** Workspace folders, last opened first. */
  recent: readonly string[]
  openWorkspace: () => void
  openRecent: (workspaceDir: string) => void
  /** Hands a command to the page of the focused window. */
  command: (command: MenuCommand) => void
  showAbout: () => void
}

type Item = MenuItemConstructorOptions

/** The menu as data. Every item that does something of ours has an id. */
export function menuTemplate(options: MenuOptions): Item[] {
  const isMac = options.platform === 'darwin'
  return [
    ...(isMac ? [appMenu(options)] : []),
    fileMenu(options, isMac),
    { role: 'editMenu' },
    viewMenu(options),
    { role: 'windowMenu' },
    helpMenu(options, isMac),
  ]
}

/** Shown with its keys, which the page itself listens to, so that they work the same in a browser. */
function pageItem(options: MenuOptions, { command, label }: { command: MenuCommand; label: string }): Item {
  const accelerator = options.keys[command]
  return { id: command, label, ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }), click: () => options.command(command) }
}

function appMenu(options: MenuOptions): Item {
  return {
    role: 'appMenu',
    submenu: [
      { id: 'about', label: 'About Strata', click: options.showAbout },
      { type: 'separator' },
      pageItem(options, { command: 'settings', label: 'Settings' }),
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { id: 'quit', role: 'quit' },
    ],
  }
}

function fileMenu(options: MenuOptions, isMac: boolean): Item {
  const { recent } = options
  const recentItems: Item[] = recent.map((dir, i) => ({ id: `open-recent-${i}`, label: dir, click: () => options.openRecent(dir) }))
  return {
    id: 'file',
    label: 'File',
    submenu: [
      pageItem(options, { command: 'window', label: 'New window' }),
      { id: 'open-workspace', label: 'Open workspace…', accelerator: 'CmdOrCtrl+O', click: options.openWorkspace },
      { id: 'open-recent', label: 'Open recent', enabled: recent.length > 0, submenu: recentItems },
      { type: 'separator' },
      pageItem(options, { command: 'export', label: 'Export…' }),
      ...(isMac ? [] : [{ type: 'separator' as const }, pageItem(options, { command: 'settings', label: 'Settings' }), { id: 'quit', role: 'quit' as const }]),
    ],
  }
}

const THEMES: readonly { theme: HostTheme; label: string }[] = [
  { theme: 'system', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
]

function viewMenu(options: MenuOptions): Item {
  const themes = THEMES.map(({ theme, label }): Item => ({ ...pageItem(options, { command: `theme:${theme}`, label }), type: 'radio', checked: theme === options.theme }))
  return {
    id: 'view',
    label: 'View',
    submenu: [
      pageItem(options, { command: 'palette', label: 'Search and commands' }),
      { type: 'separator' },
      { id: 'theme', label: 'Theme', submenu: themes },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(options.isDev ? [{ type: 'separator' as const }, { role: 'reload' as const }, { role: 'toggleDevTools' as const }] : []),
    ],
  }
}

function helpMenu(options: MenuOptions, isMac: boolean): Item {
  return {
    role: 'help',
    submenu: [
      // There the program's own menu has it.
      ...(isMac ? [] : [{ id: 'about', label: 'About Strata', click: options.showAbout }]),
    ],
  }
}

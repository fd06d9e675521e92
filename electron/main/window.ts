import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { PAGE_URL } from './app-protocol.ts'
import type { WindowPlace } from './desktop-state.ts'
import { fitBounds, MIN_SIZE } from './window-bounds.ts'

interface WindowOptions {
  preloadPath: string
  /** Where it was last; null: nobody knows. */
  place: WindowPlace | null
  /** What it opens on: `#/…`; empty for the first screen. */
  address: string
  onPlace: (place: WindowPlace) => void
  /** False keeps the window open. */
  mayClose: () => boolean
}

/** The ground of the page in light and dark, shown until it paints. */
const GROUND = { light: '#f4f6f6', dark: '#101516' } as const
const SAVE_DELAY_MS = 400

/** A window, where and as large as it was, on a screen that is there. */
export function openWindow({ preloadPath, place, address, onPlace, mayClose }: WindowOptions): BrowserWindow {
  const area = (place === null ? screen.getPrimaryDisplay() : screen.getDisplayMatching(place)).workArea
  const window = new BrowserWindow({
    ...fitBounds(place, area),
    minWidth: Math.min(MIN_SIZE.width, area.width),
    minHeight: Math.min(MIN_SIZE.height, area.height),
    show: false,
    title: 'Strata',
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: { preload: preloadPath, sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  })
  if (place?.isMaximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberBounds(window, onPlace)
  surviveCrashes(window)
  askBeforeLoss(window)
  window.on('close', (event) => {
    if (!mayClose()) event.preventDefault()
  })
  void window.loadURL(`${PAGE_URL}${address}`)
  return window
}

function rememberBounds(window: BrowserWindow, onPlace: (place: WindowPlace) => void): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    if (!window.isDestroyed()) onPlace({ ...window.getNormalBounds(), isMaximized: window.isMaximized() })
  }
  const saveSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, SAVE_DELAY_MS)
  }
  window.on('resize', saveSoon)
  window.on('move', saveSoon)
  window.on('close', save)
  window.on('closed', () => clearTimeout(timer))
}

/** A browser asks by itself before a page with unsaved text goes; here nothing would happen, and the window would stay without a word. */
function askBeforeLoss(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const chosen = dialog.showMessageBoxSync(window, {
      type: 'question', message: 'There is text that is not saved', detail: 'It is lost when the window closes or loads again.', buttons: ['Go on without saving', 'Keep editing'], defaultId: 1, cancelId: 1,
    })
    if (chosen === 0) event.preventDefault()
  })
}

/** The engine and its runs do not need the page, so a page that dies or hangs is offered again. */
function surviveCrashes(window: BrowserWindow): void {
  const offerReload = async (message: string, other: string): Promise<void> => {
    const { response } = await dialog.showMessageBox(window, { type: 'warning', message, detail: 'Runs go on meanwhile.', buttons: ['Reload', other], defaultId: 0, cancelId: 1 })
    if (response === 0 && !window.isDestroyed()) window.webContents.reload()
  }
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void offerReload(`The window stopped working (${reason})`, 'Leave it')
  })
  window.on('unresponsive', () => void offerReload('The window does not answer', 'Wait'))
}

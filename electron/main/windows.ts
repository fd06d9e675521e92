import { BrowserWindow } from 'electron'
import type { DesktopStateStore, WindowPlace } from './desktop-state.ts'
import { openWindow } from './window.ts'

interface WindowsOptions {
  preloadPath: string
  store: DesktopStateStore
  /** Whether the last window may be closed. */
  mayCloseLast: () => boolean
}

export interface Windows {
  /** Opens one more, on an address of the page. */
  open(address: string, opener: BrowserWindow | null): void
  /** The one that a person works in; null when none is open. */
  current(): BrowserWindow | null
  send(channel: string, payload: unknown): void
}

const STEP = 32

/** All windows of the program: each its own history, all on one engine. */
export function createWindows({ preloadPath, store, mayCloseLast }: WindowsOptions): Windows {
  /** By the slot whose place they have: a new one takes the first that is free. */
  const open = new Map<number, BrowserWindow>()
  const placeOf = (slot: number, opener: BrowserWindow | null): WindowPlace | null => {
    const remembered = store.get().windows[slot]
    if (remembered !== undefined || opener === null) return remembered ?? null
    const { x, y, width, height } = opener.getNormalBounds()
    return { x: x + STEP, y: y + STEP, width, height, isMaximized: false }
  }
  return {
    open(address, opener) {
      let free = 0
      while (open.has(free)) free += 1
      const onPlace = (place: WindowPlace): void => {
        const windows = [...store.get().windows]
        // A slot before it may never have told its place.
        while (windows.length < free) windows.push(place)
        windows[free] = place
        store.set({ windows })
      }
      const window = openWindow({ preloadPath, place: placeOf(free, opener), address, onPlace, mayClose: () => open.size > 1 || mayCloseLast() })
      open.set(free, window)
      window.on('closed', () => void open.delete(free))
    },
    current: () => BrowserWindow.getFocusedWindow() ?? [...open.values()].at(-1) ?? null,
    send(channel, payload) {
      for (const window of open.values()) window.webContents.send(channel, payload)
    },
  }
}

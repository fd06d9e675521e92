import { useEffect } from 'react'
import { goTo, settingsAddress } from '../ui/addresses.ts'
import { keysOf } from '../ui/use-shortcut.ts'
import { SCREENS } from './screens.ts'

/** Keys that work in every view. */
export function useShellKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const act = KEYS[keysOf(event)] ?? screenKey(event)
      if (act === undefined || event.defaultPrevented) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

const KEYS: Readonly<Record<string, () => void>> = {
  f6: () => focusNextRegion(1),
  'shift+f6': () => focusNextRegion(-1),
  'ctrl+/': () => goTo(settingsAddress),
  'ctrl+shift+c': () => void navigator.clipboard.writeText(window.location.hash),
  // A browser does these by itself; the desktop's window does not.
  'alt+arrowleft': () => window.history.back(),
  'alt+arrowright': () => window.history.forward(),
}

/** Alt 1 is the first screen. By the place of the key: with Alt, some layouts type another sign. */
function screenKey({ altKey, ctrlKey, shiftKey, code }: KeyboardEvent): (() => void) | undefined {
  const digit = altKey && !ctrlKey && !shiftKey ? /^Digit([1-9])$/.exec(code)?.[1] : undefined
  const screen = digit === undefined ? undefined : SCREENS[Number(digit) - 1]
  return screen === undefined ? undefined : () => goTo(screen.address)
}

/** Ctrl K, or Cmd K. */
export function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== 'KeyK') return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [open])
}

/** Regions carry data-region, in the order of the document. */
function focusNextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null)
  if (regions.length === 0) return
  const at = regions.findLastIndex((region) => region.contains(document.activeElement))
  regions[(at + step + regions.length) % regions.length]?.focus()
}

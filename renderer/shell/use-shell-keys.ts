import { useEffect } from 'react'
import { goTo } from '../ui/addresses.ts'
import { SCREENS } from './screens.ts'

/** Keys that work in every view. Alt ← and → are the browser's own. */
export function useShellKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'F6') {
        event.preventDefault()
        focusNextRegion(event.shiftKey ? -1 : 1)
        return
      }
      if (event.ctrlKey && event.shiftKey && event.code === 'KeyC') {
        event.preventDefault()
        void navigator.clipboard.writeText(window.location.hash)
        return
      }
      const digit = event.altKey && !event.ctrlKey && !event.shiftKey ? /^Digit([1-9])$/.exec(event.code)?.[1] : undefined
      const screen = digit === undefined ? undefined : SCREENS[Number(digit) - 1]
      if (screen === undefined) return
      event.preventDefault()
      goTo(screen.address)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
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

import { goTo } from '../ui/addresses.ts'
import type { CommandId } from '../ui/keys/commands.ts'
import { useShortcut } from '../ui/use-shortcut.ts'
import { SCREENS } from './screens.ts'

/** Keys that work in every view. */
export function useShellKeys(): void {
  useShortcut('region.next', () => focusNextRegion(1))
  useShortcut('region.previous', () => focusNextRegion(-1))
  useShortcut('address.copy', () => void navigator.clipboard.writeText(window.location.hash))
  // A browser does these by itself; the desktop's window does not.
  useShortcut('back', () => window.history.back())
  useShortcut('forward', () => window.history.forward())
  useScreenKey('screen.overview')
  useScreenKey('screen.runs')
  useScreenKey('screen.lineage')
  useScreenKey('screen.data')
  useScreenKey('screen.sql')
  useScreenKey('screen.quality')
  useScreenKey('screen.exports')
  useScreenKey('screen.pipelines')
  useScreenKey('screen.settings')
}

function useScreenKey(id: CommandId): void {
  useShortcut(id, () => {
    const screen = SCREENS.find(({ command }) => command === id)
    if (screen !== undefined) goTo(screen.address)
  })
}

/** Regions carry data-region, in the order of the document. */
function focusNextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null)
  if (regions.length === 0) return
  const at = regions.findLastIndex((region) => region.contains(document.activeElement))
  regions[(at + step + regions.length) % regions.length]?.focus()
}

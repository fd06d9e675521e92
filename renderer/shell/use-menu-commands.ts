import { useEffect } from 'react'
import type { MenuCommand, StrataHost } from '../../shared/contract/host.contract.ts'
import { exportsAddress, goTo, settingsAddress } from '../ui/addresses.ts'
import { type Theme, usePreferences } from '../ui/theme/preferences.tsx'

/** Items of the desktop's menu do what the page's own keys do, so that each thing is written once. */
export function useMenuCommands(host: StrataHost | null): void {
  const setTheme = usePreferences((state) => state.setTheme)
  useEffect(() => host?.onMenu((command) => act(command, setTheme)), [host, setTheme])
}

function act(command: MenuCommand, setTheme: (theme: Theme) => void): void {
  switch (command) {
    case 'theme:system':
      return setTheme('system')
    case 'theme:light':
      return setTheme('light')
    case 'theme:dark':
      return setTheme('dark')
    case 'settings':
      return goTo(settingsAddress)
    case 'palette':
      return void pressCtrl('k')
    case 'export':
      // A view without anything to export leads to the screen that explains.
      if (!pressCtrl('e')) goTo(exportsAddress)
  }
}

/** True when something on the page has taken the key. */
function pressCtrl(key: string): boolean {
  const event = new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, ctrlKey: true, bubbles: true, cancelable: true })
  return !(document.activeElement ?? document.body).dispatchEvent(event)
}

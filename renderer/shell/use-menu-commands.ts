import { useEffect } from 'react'
import type { MenuCommand, StrataHost } from '../../shared/contract/host.contract.ts'
import { exportsAddress, goTo, settingsAddress } from '../ui/addresses.ts'
import type { CommandId } from '../ui/keys/commands.ts'
import { keysFor, useKeyBindings } from '../ui/keys/key-bindings.ts'
import { acceleratorOf } from '../ui/keys/key-text.ts'
import { startCommand } from '../ui/use-shortcut.ts'
import { type Theme, usePreferences } from '../ui/theme/preferences.tsx'

/** Items of the desktop's menu do what the page's own keys do, so that each thing is written once. */
export function useMenuCommands(host: StrataHost | null): void {
  const setTheme = usePreferences((state) => state.setTheme)
  const own = useKeyBindings()
  useEffect(() => host?.onMenu((command) => act(command, setTheme)), [host, setTheme])
  useEffect(() => {
    host?.setMenuKeys(Object.fromEntries(SHOWN.flatMap(([item, id]) => keysFor(id, own).slice(0, 1).map((keys) => [item, acceleratorOf(keys)]))))
  }, [host, own])
}

/** Items that show the keys of a command. */
const SHOWN: readonly (readonly [MenuCommand, CommandId])[] = [['window', 'window.new'], ['export', 'data.export'], ['palette', 'palette'], ['settings', 'screen.settings']]

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
    case 'window':
      return void startCommand('window.new')
    case 'palette':
      return void startCommand('palette')
    case 'export':
      // A view without anything to export leads to the screen that explains.
      if (!startCommand('data.export') && !startCommand('lineage.picture')) goTo(exportsAddress)
  }
}

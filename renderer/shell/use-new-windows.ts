import { useEffect } from 'react'
import type { StrataHost } from '../../shared/contract/host.contract.ts'
import { openElsewhere } from '../ui/open-elsewhere.ts'
import { useShortcut } from '../ui/use-shortcut.ts'

/** A new window for this view by its keys, and for any link by Ctrl, Cmd or the middle button. */
export function useNewWindows(host: StrataHost | null): void {
  useShortcut('window.new', () => openElsewhere(host, window.location.hash))
  useEffect(() => {
    const onClick = (event: MouseEvent): void => {
      const isElsewhere = (event.button === 0 && (event.ctrlKey || event.metaKey || event.shiftKey)) || event.button === 1
      const link = event.target instanceof Element ? event.target.closest('a[href^="#/"]') : null
      const address = link?.getAttribute('href') ?? null
      if (!isElsewhere || address === null || event.defaultPrevented) return
      event.preventDefault()
      event.stopPropagation()
      openElsewhere(host, address)
    }
    // Before what a link does with a plain click.
    window.addEventListener('click', onClick, true)
    window.addEventListener('auxclick', onClick, true)
    return () => {
      window.removeEventListener('click', onClick, true)
      window.removeEventListener('auxclick', onClick, true)
    }
  }, [host])
}

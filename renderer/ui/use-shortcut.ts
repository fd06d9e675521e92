import { useEffect, useRef } from 'react'

/**
 * Calls `run` on a key while the component is mounted: "ctrl+b", "ctrl+e", "f2". Ctrl also means Cmd. Single letters work only
 * when no text field has the focus; nothing works behind a dialog.
 */
export function useShortcut(keys: string, run: () => void): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || keysOf(event) !== keys || isBlocked(event, keys)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [keys])
}

/** The keys of an event in the notation of shortcuts. */
export function keysOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const held = [event.ctrlKey || event.metaKey ? 'ctrl' : '', event.altKey ? 'alt' : '', event.shiftKey ? 'shift' : '']
  return [...held, event.key.toLowerCase()].filter((part) => part !== '').join('+')
}

function isBlocked(event: KeyboardEvent, keys: string): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null
  if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return true
  return keys.length === 1 && target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

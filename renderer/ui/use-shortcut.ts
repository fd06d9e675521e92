import { useEffect, useRef } from 'react'
import type { CommandId } from './keys/commands.ts'
import { keysFor } from './keys/key-bindings.ts'
import { keysOf } from './keys/key-text.ts'

/**
 * Calls `run` on the keys of a command while the component is mounted. Single letters and signs work only when no text field has the
 * focus; nothing works behind a dialog.
 */
export function useShortcut(id: CommandId, run: () => void): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const keys = keysOf(event)
      if (event.defaultPrevented || keys === null || !keysFor(id).includes(keys) || isBlocked(event, keys)) return
      event.preventDefault()
      latest.current()
    }
    const onCommand = (event: Event): void => {
      if (event.defaultPrevented || !(event instanceof CustomEvent) || event.detail !== id) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKeyDown)
    window.addEventListener(COMMAND_EVENT, onCommand)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      window.removeEventListener(COMMAND_EVENT, onCommand)
    }
  }, [id])
}

const COMMAND_EVENT = 'strata:command'

/** Does what the command's keys would do now, whatever they are. True when something on the page has taken it. */
export function startCommand(id: CommandId): boolean {
  return !window.dispatchEvent(new CustomEvent(COMMAND_EVENT, { detail: id, cancelable: true }))
}

function isBlocked(event: KeyboardEvent, keys: string): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null
  if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return true
  return isTyped(keys) && target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Would write something in a field. */
function isTyped(keys: string): boolean {
  return !keys.includes('ctrl+') && !keys.includes('alt+') && !/(^|\+)f\d+$/.test(keys)
}

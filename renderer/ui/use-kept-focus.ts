import { type RefObject, useEffect } from 'react'

/**
 * What had the focus may go with the thing it was about, as a form does when its record is done. Then the list beside it takes the focus, so that
 * whoever works by keyboard goes on where they are.
 *
 * @param box holds both
 */
export function useKeptFocus(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current
    if (element === null) return
    let wasInside = element.contains(document.activeElement)
    const stop = new AbortController()
    const isDialog = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[role="dialog"]') !== null
    document.addEventListener('focusin', ({ target }) => {
      // A dialog gives the focus back to where it was.
      if (!isDialog(target)) wasInside = target instanceof Node && element.contains(target)
    }, { signal: stop.signal })
    document.addEventListener('pointerdown', ({ target }) => {
      if (!isDialog(target)) wasInside = false
    }, { signal: stop.signal })
    const observer = new MutationObserver(() => {
      if (wasInside && document.activeElement === document.body) element.querySelector<HTMLElement>('[role="grid"]')?.focus()
    })
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      stop.abort()
      observer.disconnect()
    }
  }, [box])
}

import type { StrataHost } from '../../shared/contract/host.contract.ts'

declare global {
  interface Window {
    /** Put there by the preload script of the desktop program; absent in a browser. */
    readonly strataHost?: StrataHost
  }
}

/** The program around the page, or null in a browser. */
export function findHost(): StrataHost | null {
  return window.strataHost ?? null
}

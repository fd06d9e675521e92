import type { StrataHost } from '../../shared/contract/host.contract.ts'

/** Opens an address beside this view: a window in the desktop program, a tab in a browser, each with a history of its own. */
export function openElsewhere(host: StrataHost | null, address: string): void {
  if (host !== null) host.openWindow(address)
  // As its opener, this tab hands over what lets it talk to the engine.
  else window.open(`${window.location.pathname}${address}`, '_blank')
}

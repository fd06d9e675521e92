export interface Crumb {
  text: string
  /** Null for the place one is at. */
  address: string | null
  mono: boolean
}

/** `/runs/drugs/12` → Runs / drugs #12. */
export function crumbsOf(pathname: string): Crumb[] {
  const [screen = 'overview', ...rest] = pathname.split('/').filter((part) => part !== '').map(decodeURIComponent)
  const name = screen.slice(0, 1).toUpperCase() + screen.slice(1)
  const thing = thingOf(screen, rest)
  if (thing === null) return [{ text: name, address: null, mono: false }]
  return [{ text: name, address: `#/${screen}`, mono: false }, { text: thing, address: null, mono: true }]
}

function thingOf(screen: string, rest: readonly string[]): string | null {
  const [first, second] = rest
  if (first === undefined) return null
  if (screen === 'runs' && second !== undefined) return `${first} #${second}`
  return second ?? first
}

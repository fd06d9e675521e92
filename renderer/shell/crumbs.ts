export interface Crumb {
  text: string
  /** Null for the place one is at. */
  address: string | null
  mono: boolean
}

/** `/runs/drugs/12` → Runs / drugs #12. */
export function crumbsOf(pathname: string): Crumb[] {
  const [screen = 'overview', ...rest] = pathname.split('/').filter((part) => part !== '').map(decodeURIComponent)
  const name = TITLES[screen] ?? screen.slice(0, 1).toUpperCase() + screen.slice(1)
  const thing = thingOf(screen, rest)
  if (screen === 'quality' && rest[0] !== undefined) return qualityCrumbs(rest[0], rest[1])
  if (thing === null) return [{ text: name, address: null, mono: false }]
  if (screen === 'lineage' && rest[1] === 'trace') {
    return [{ text: name, address: '#/lineage', mono: false }, { text: thing, address: `#/lineage/${encodeURIComponent(thing)}`, mono: true }, { text: 'Trace', address: null, mono: false }]
  }
  return [{ text: name, address: `#/${screen}`, mono: false }, { text: thing, address: null, mono: true }]
}

/** Titles of screens that are called otherwise than in their address. */
const TITLES: Readonly<Record<string, string>> = { ingest: 'Add data', audit: 'Audit trail', sql: 'SQL' }

/** Its views are places of their own, with a dataset below. */
function qualityCrumbs(view: string, dataset: string | undefined): Crumb[] {
  const place = view.slice(0, 1).toUpperCase() + view.slice(1)
  const head: Crumb = { text: 'Quality', address: '#/quality', mono: false }
  if (dataset === undefined) return [head, { text: place, address: null, mono: false }]
  return [head, { text: place, address: `#/quality/${view}`, mono: false }, { text: dataset, address: null, mono: true }]
}

function thingOf(screen: string, rest: readonly string[]): string | null {
  const [first, second] = rest
  if (first === undefined) return null
  if (screen === 'runs' && first === 'run-group' && second !== undefined) return `group ${second}`
  if (screen === 'runs' && second !== undefined) return `${first} #${second}`
  // A dataset's diff is about the dataset; an entity is named by the second part.
  return screen === 'data' && first === 'entity' ? (second ?? first) : first
}

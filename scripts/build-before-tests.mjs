import { GROUPS } from './build-groups.mjs'
import { build } from './build.mjs'

/** Vitest's global set-up: what tests start as processes of their own must be built from the sources under test. */
export default async function setup() {
  const only = GROUPS.filter((group) => group.kind === 'node').map((group) => group.name)
  const { failed } = await build({ only, say: (line) => console.error(line.split('\n').slice(0, 3).join('\n')) })
  if (failed.length > 0) console.error(`Tests that start ${failed.join(', ')} as a process use the last build that worked, if any`)
}

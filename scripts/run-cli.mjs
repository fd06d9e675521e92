import { enableCompileCache } from 'node:module'
import { pathToFileURL } from 'node:url'
import { inProject, isCheckout } from './project.mjs'
import { readState, staleGroups } from './build-state.mjs'
import { GROUPS } from './build-groups.mjs'

// What a command needs; the window is built when `serve` or `npm start` asks for it.
const NEEDED = ['headless', 'workers', 'lib', ...(process.argv[2] === 'serve' ? ['renderer'] : [])]

if (isCheckout() && process.env['STRATA_SKIP_BUILD'] !== '1') await buildStale()
enableCompileCache(inProject('dist', '.compile-cache'))
const cli = inProject('dist', 'headless', 'cli.js')
process.argv[1] = cli
await import(pathToFileURL(cli).href)

async function buildStale() {
  const stale = staleGroups(readState(), GROUPS.filter((group) => NEEDED.includes(group.name)))
  if (stale.length === 0) return
  const { build } = await import('./build.mjs')
  // Standard output belongs to the command.
  const { failed } = await build({ only: NEEDED, say: (line) => console.error(line) })
  if (failed.length > 0) process.exit(1)
}

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { build } from './build.mjs'
import { downloadElectron, findElectron, hasDisplay, isOverridden } from './electron-binary.mjs'
import { inProject, root } from './project.mjs'

const [workspace, ...rest] = process.argv.slice(2)
if (rest.length > 0 || workspace?.startsWith('-')) {
  console.error('Usage: npm start [-- <workspace folder>]')
  process.exit(2)
}
const { failed } = await build()
if (failed.length > 0) process.exit(1)

const { electron, whyNot } = desktop()
const target = workspace === undefined ? [] : [resolve(process.env['INIT_CWD'] ?? process.cwd(), workspace)]
if (electron !== null) {
  follow(spawn(electron, [root, ...target], { stdio: 'inherit', cwd: root }))
} else {
  console.log(`${whyNot} Serving the window to a browser instead; Ctrl+C ends it.`)
  follow(spawn(process.execPath, [inProject('dist', 'headless', 'server.js'), ...target, ...(hasDisplay() ? [] : ['--no-open'])], { stdio: 'inherit', cwd: root }))
}

/** @returns {{ electron: string | null, whyNot: string }} */
function desktop() {
  if (!hasDisplay() && !isOverridden()) return { electron: null, whyNot: 'There is no display for the desktop app.' }
  const found = findElectron()
  if (found !== null) return { electron: found, whyNot: '' }
  if (isOverridden()) return { electron: null, whyNot: 'There is no Electron where ELECTRON_OVERRIDE_DIST_PATH points.' }
  console.log('Downloading Electron, once (about 120 MB)')
  return { electron: downloadElectron(), whyNot: "Electron's binary could not be downloaded." }
}

/**
 * Ends as the child ends.
 * @param {import('node:child_process').ChildProcess} child
 */
function follow(child) {
  child.on('error', (error) => {
    console.error(`Could not start: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]))
  // From a terminal the child gets Ctrl+C itself; this process only has to outlive it.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
}

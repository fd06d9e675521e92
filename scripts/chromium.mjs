import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { inProject } from './project.mjs'

/** The browser of the end-to-end tests: one that is installed, else Playwright's, else Debian's package. */

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge']
const MAC = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium', 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge']
const WINDOWS = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']
const DOWNLOAD_LIMIT_MS = 5 * 60_000

export const CHROMIUM_COMMANDS = 'Install one, for example with "npx playwright install --with-deps chromium" or "sudo apt-get install chromium", or name one in STRATA_CHROMIUM.'

/**
 * @returns {Promise<string | null>} path of a Chromium or Chrome that is there
 * @throws when STRATA_CHROMIUM names a file that does not exist
 */
export async function findChromium() {
  const named = process.env['STRATA_CHROMIUM']
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named
    throw new Error(`STRATA_CHROMIUM names ${named}, which does not exist.`)
  }
  return places().find((path) => existsSync(path)) ?? (await playwrightsOwn())
}

/**
 * Finds a browser, or installs one.
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 * @throws with the command to type
 */
export async function ensureChromium(say) {
  const found = await findChromium()
  if (found !== null) return found
  say('No Chromium or Chrome found: asking Playwright for one')
  const told = run(process.execPath, [inProject('node_modules', 'playwright', 'cli.js'), 'install', 'chromium'], { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' })
  const downloaded = await findChromium()
  if (downloaded !== null) return downloaded
  if (mayUseApt()) {
    say('Playwright has none for this machine: installing the package chromium')
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
    told.push(...run('apt-get', ['update', '-qq'], quiet))
    told.push(...run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet))
    const installed = await findChromium()
    if (installed !== null) return installed
  }
  say(told.join('\n'))
  throw new Error(`The browser tests need Chromium or Chrome, and none could be found or installed. ${CHROMIUM_COMMANDS}`)
}

/** @returns {string[]} */
function places() {
  if (process.platform === 'darwin') return MAC.map((path) => join('/Applications', path))
  if (process.platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((name) => process.env[name] ?? [])
    return roots.flatMap((folder) => WINDOWS.map((path) => join(folder, path)))
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/snap/bin'].filter((folder) => folder !== '')
  return PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program)))
}

/** @returns {Promise<string | null>} */
async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test')
  const path = chromium.executablePath()
  // Playwright brings the browser but not the system's libraries; without them it does not even tell its version.
  return existsSync(path) && (process.platform !== 'linux' || spawnSync(path, ['--version']).status === 0) ? path : null
}

function mayUseApt() {
  return process.platform === 'linux' && existsSync('/etc/debian_version') && process.getuid?.() === 0
}

/**
 * Failing is no error here: what counts is whether a browser is there afterwards.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {string[]} what it printed
 */
function run(command, args, env) {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: DOWNLOAD_LIMIT_MS, env: { ...process.env, ...env } })
  return [stdout ?? '', stderr ?? '']
}

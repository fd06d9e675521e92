import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from './project.mjs'

const DOWNLOAD_LIMIT_MS = 3 * 60_000

/** @returns {string | null} Electron's executable, if it is there. Never imports the package: that would start a download */
export function findElectron() {
  const pathFile = inProject('node_modules', 'electron', 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const path = override ? join(override, name ?? 'electron') : name && inProject('node_modules', 'electron', 'dist', name)
  return path && existsSync(path) ? path : null
}

/** @returns {boolean} whether a window could be shown here */
export function hasDisplay() {
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

/** @returns {boolean} the executable was named by hand, so no display is asked for: it may bring its own */
export function isOverridden() {
  return Boolean(process.env['ELECTRON_OVERRIDE_DIST_PATH'])
}

/**
 * Since version 42 the package has no install script; its binary is fetched when first wanted.
 * @returns {string | null} the executable, or null when it could not be had
 */
export function downloadElectron() {
  spawnSync(process.execPath, [inProject('node_modules', 'electron', 'install.js')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: DOWNLOAD_LIMIT_MS,
  })
  return findElectron()
}

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * @param {...string} parts path below the checkout
 * @returns {string} absolute path
 */
export const inProject = (...parts) => join(root, ...parts)

/** @returns {boolean} true in a checkout with sources, false in a copy that carries only dist/ */
export function isCheckout() {
  return existsSync(inProject('electron', 'engine', 'engine.ts'))
}

/**
 * @param {number} startedAt from performance.now()
 * @returns {string} e.g. "1.4 s"
 */
export function secondsSince(startedAt) {
  return `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`
}

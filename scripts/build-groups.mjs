import { existsSync, readdirSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { inProject, root } from './project.mjs'

/**
 * What is built together and goes stale together. Every group owns one folder of dist/, and all its files lie directly in it, so that a
 * path relative to a bundled module (`../workers/run.worker.js`) means the same in an entry and in a shared chunk.
 *
 * @typedef {object} Group
 * @property {string} name folder below dist/
 * @property {'node' | 'preload' | 'renderer'} kind
 * @property {Record<string, string>} entries output name to source file, both relative
 */

const WORKERS = ['run', 'reader', 'sandbox', 'analyst', 'export', 'ingest', 'profile', 'copy']

/** @type {readonly Group[]} */
export const GROUPS = [
  { name: 'main', kind: 'node', entries: { main: 'electron/main/main.ts' } },
  { name: 'preload', kind: 'preload', entries: { preload: 'electron/preload/preload.ts' } },
  { name: 'engine-host', kind: 'node', entries: { 'engine-host': 'electron/engine-host/engine-host.ts' } },
  { name: 'headless', kind: 'node', entries: { cli: 'electron/headless/cli.ts', server: 'electron/headless/server.ts' } },
  { name: 'workers', kind: 'node', entries: Object.fromEntries(WORKERS.map((kind) => [`${kind}.worker`, `electron/engine/workers/${kind}.worker.ts`])) },
  { name: 'lib', kind: 'node', entries: { strata: 'electron/engine/etl/steps/processor-api.ts' } },
  { name: 'renderer', kind: 'renderer', entries: { index: 'renderer/index.html' } },
]

/**
 * @param {Group} group
 * @returns {Record<string, string>} the entries whose source exists
 */
export function presentEntries(group) {
  return Object.fromEntries(Object.entries(group.entries).filter(([, source]) => existsSync(inProject(source))))
}

/**
 * The window is made of more than modules (HTML, CSS, fonts, globs), so its inputs are whole folders.
 * @returns {string[]} paths relative to the checkout
 */
export function rendererInputs() {
  const folders = ['renderer', 'shared']
  const files = folders.flatMap((folder) =>
    existsSync(inProject(folder))
      ? readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
          .map((entry) => relative(root, `${entry.parentPath}${sep}${entry.name}`))
      : [],
  )
  return [...files, 'vite.config.ts']
}

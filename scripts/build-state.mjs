import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { inProject } from './project.mjs'
import { GROUPS, presentEntries, rendererInputs } from './build-groups.mjs'

/**
 * Remembers of what each group was built. Content decides; size and modification time only spare reading files that were not touched.
 *
 * @typedef {{ size: number, mtimeMs: number, hash: string }} Seen
 * @typedef {{ recipe: string, entries: string[], inputs: Record<string, Seen>, outputs: string[] }} Built
 * @typedef {Record<string, Built>} BuildState
 * @typedef {import('./build-groups.mjs').Group} Group
 */

const STATE_FILE = inProject('dist', '.build.json')
const RECIPE_FILES = ['scripts/build.mjs', 'scripts/bundle.mjs', 'scripts/build-groups.mjs', 'package.json', 'node_modules/.package-lock.json']

/** @returns {BuildState} */
export function readState() {
  if (!existsSync(STATE_FILE)) return {}
  try {
    return JSON.parse(readFileSync(STATE_FILE, 'utf8'))
  } catch {
    return {} // a torn file means: build again
  }
}

/** @param {BuildState} state */
export function writeState(state) {
  mkdirSync(inProject('dist'), { recursive: true })
  const scratch = `${STATE_FILE}.${process.pid}`
  writeFileSync(scratch, JSON.stringify(state))
  renameSync(scratch, STATE_FILE)
}

/** @returns {string} hash of everything but the sources that decides what a build makes */
export function recipeHash() {
  const hash = createHash('sha256')
  for (const file of RECIPE_FILES) {
    const path = inProject(file)
    hash.update(file).update(existsSync(path) ? readFileSync(path) : '')
  }
  return hash.digest('hex')
}

/**
 * @param {string[]} inputs paths relative to the checkout
 * @param {number} readSince when the build began to read them, in milliseconds since the epoch
 * @returns {Record<string, Seen>}
 */
export function lookAt(inputs, readSince) {
  return Object.fromEntries(
    inputs.map((input) => {
      const { size, mtimeMs } = statSync(inProject(input))
      const editedMeanwhile = mtimeMs >= readSince
      return [input, editedMeanwhile ? { size: -1, mtimeMs, hash: '' } : { size, mtimeMs, hash: contentHash(input) }]
    }),
  )
}

/**
 * @param {BuildState} state is brought up to date where only modification times have moved
 * @param {readonly Group[]} groups
 * @returns {Group[]} those that must be built
 */
export function staleGroups(state, groups = GROUPS) {
  const recipe = recipeHash()
  return groups.filter((group) => !isFresh(group, state[group.name], recipe))
}

/**
 * @param {Group} group
 * @param {Built | undefined} built
 * @param {string} recipe
 */
function isFresh(group, built, recipe) {
  const entries = Object.values(presentEntries(group))
  if (entries.length === 0) return true
  if (built === undefined || built.recipe !== recipe || !sameNames(entries, built.entries)) return false
  if (group.kind === 'renderer' && !sameNames(rendererInputs(), Object.keys(built.inputs))) return false
  if (!built.outputs.every((output) => existsSync(inProject(output)))) return false
  return Object.entries(built.inputs).every(([input, seen]) => isUnchanged(input, seen))
}

/**
 * @param {string} input
 * @param {Seen} seen
 */
function isUnchanged(input, seen) {
  const found = statSync(inProject(input), { throwIfNoEntry: false })
  if (found === undefined) return false
  if (found.size === seen.size && found.mtimeMs === seen.mtimeMs) return true
  if (contentHash(input) !== seen.hash) return false
  seen.size = found.size
  seen.mtimeMs = found.mtimeMs
  return true
}

/** @param {string} input */
function contentHash(input) {
  return createHash('sha256').update(readFileSync(inProject(input))).digest('hex')
}

/**
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 */
function sameNames(a, b) {
  return a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n')
}

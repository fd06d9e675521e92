#!/usr/bin/env node
// npm run build [-- --force] [-- --node-only] [-- <group>...]: bundles what is stale into dist/.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { inProject, secondsSince } from './project.mjs'
import { GROUPS, presentEntries } from './build-groups.mjs'
import { lookAt, readState, recipeHash, staleGroups, writeState } from './build-state.mjs'

/**
 * @typedef {import('./build-groups.mjs').Group} Group
 * @typedef {object} BuildOptions
 * @property {readonly string[]} [only] names of groups; all when empty
 * @property {boolean} [force] build even what is fresh
 * @property {(line: string) => void} [say]
 */

const LOCK = inProject('dist', '.build.lock')

/**
 * Builds what is stale. Several builds may be started at once: they take turns.
 * @param {BuildOptions} [options]
 * @returns {Promise<{ failed: string[] }>} names of the groups that could not be built
 */
export async function build({ only = [], force = false, say = console.log } = {}) {
  const groups = only.length === 0 ? GROUPS : GROUPS.filter((group) => only.includes(group.name))
  if (!force && staleGroups(readState(), groups).length === 0) return { failed: [] }
  return whileLocked(async () => {
    const failed = []
    const state = readState()
    const stale = force ? groups : staleGroups(state, groups)
    for (const group of stale) {
      if (!(await buildOne(group, state, say))) failed.push(group.name)
      writeState(state)
    }
    return { failed }
  })
}

/**
 * @param {Group} group
 * @param {import('./build-state.mjs').BuildState} state
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} false when it failed
 */
async function buildOne(group, state, say) {
  const startedAt = performance.now()
  const entries = Object.values(presentEntries(group))
  const absent = Object.values(group.entries).filter((entry) => !entries.includes(entry))
  for (const entry of absent) say(`  ${group.name}: ${entry} does not exist, skipped`)
  if (entries.length === 0) return true
  const { bundleGroup } = await import('./bundle.mjs')
  const readSince = Date.now()
  try {
    const { inputs, outputs } = await bundleGroup(group)
    state[group.name] = { recipe: recipeHash(), entries, inputs: lookAt(inputs, readSince), outputs }
    say(`  ${group.name}: built in ${secondsSince(startedAt)}`)
    return true
  } catch (error) {
    delete state[group.name]
    const message = error instanceof Error ? error.message : String(error)
    say(`  ${group.name}: failed\n${process.stderr.isTTY ? message : stripVTControlCharacters(message)}`)
    return false
  }
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function whileLocked(work) {
  mkdirSync(inProject('dist'), { recursive: true })
  while (!takeLock()) await sleep(100)
  try {
    return await work()
  } finally {
    rmSync(LOCK, { force: true })
  }
}

function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (holderIsGone()) rmSync(LOCK, { force: true })
    return false
  }
}

function holderIsGone() {
  try {
    process.kill(Number(readFileSync(LOCK, 'utf8')), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

async function main() {
  const args = process.argv.slice(2)
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = names.filter((name) => !GROUPS.some((group) => group.name === name))
  if (unknown.length > 0) throw new Error(`No such part: ${unknown.join(', ')}. There are ${GROUPS.map((group) => group.name).join(', ')}`)
  const nodeOnly = GROUPS.filter((group) => group.kind !== 'renderer').map((group) => group.name)
  const startedAt = performance.now()
  const { failed } = await build({ only: args.includes('--node-only') ? nodeOnly : names, force: args.includes('--force') })
  console.log(failed.length === 0 ? `dist/ is up to date (${secondsSince(startedAt)})` : `Could not build ${failed.join(', ')}`)
  process.exitCode = failed.length === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()

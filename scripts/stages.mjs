import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { inProject, root, secondsSince } from './project.mjs'

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {() => Promise<boolean>} run true when all is well
 */

/**
 * Runs stages one after the other, all of them, so that one run shows everything that is wrong.
 * @param {readonly Stage[]} stages
 * @returns {Promise<string[]>} names of those that failed
 */
export async function runStages(stages) {
  /** @type {string[]} */
  const failed = []
  for (const { name, run } of stages) {
    console.log(`\n== ${name}`)
    const startedAt = performance.now()
    const ok = await run()
    console.log(`== ${name}: ${ok ? 'passed' : 'FAILED'} in ${secondsSince(startedAt)}`)
    if (!ok) failed.push(name)
  }
  return failed
}

/**
 * Runs a program of node_modules/.bin, or Node on a script of ours.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean }} [options] quiet: print its output only when it fails
 * @returns {Promise<boolean>} whether it ended with 0
 */
export function run(program, args, { env = {}, quiet = false } = {}) {
  const bin = inProject('node_modules', '.bin')
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: root,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    shell: process.platform === 'win32' && program !== 'node',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
  })
  /** @type {Buffer[]} */
  const output = []
  child.stdout?.on('data', (chunk) => output.push(chunk))
  child.stderr?.on('data', (chunk) => output.push(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`)
      resolve(false)
    })
    child.on('close', (code) => {
      if (code !== 0) process.stdout.write(Buffer.concat(output))
      resolve(code === 0)
    })
  })
}

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { inProject, root } from './project.mjs'
import { presentEntries, rendererInputs } from './build-groups.mjs'

/** @typedef {import('./build-groups.mjs').Group} Group */

// Native modules stay on disk: they find their binaries beside themselves.
const EXTERNAL = [/^electron($|\/)/, /^better-sqlite3($|\/)/, /^@duckdb\//]
// A process that started before a rebuild may still load its chunks; they are swept by a later build.
const KEEP_OLD_OUTPUT_MS = 10 * 60_000

/**
 * Builds one group.
 * @param {Group} group
 * @returns {Promise<{ inputs: string[], outputs: string[] }>} paths relative to the checkout
 */
export async function bundleGroup(group) {
  return group.kind === 'renderer' ? bundleRenderer() : bundleNode(group)
}

/** @param {Group} group */
async function bundleNode(group) {
  const { build } = await import('rolldown')
  const folder = inProject('dist', group.name)
  /** @type {string[]} */
  let modules = []
  const { output } = await build({
    input: presentEntries(group),
    cwd: root,
    platform: 'node',
    external: EXTERNAL,
    transform: { target: 'node22.18' },
    onLog: refuseUnresolved,
    plugins: [
      {
        name: 'inputs',
        // The chunks do not name modules that were inlined or shaken off, and those are inputs as well.
        buildEnd() {
          modules = [...this.getModuleIds()]
        },
      },
    ],
    write: false,
    output: {
      dir: folder,
      format: group.kind === 'preload' ? 'cjs' : 'esm',
      entryFileNames: group.kind === 'preload' ? '[name].cjs' : '[name].js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
      ...(group.kind === 'preload' ? { codeSplitting: false } : {}),
    },
  })
  mkdirSync(folder, { recursive: true })
  for (const file of output) writeWhole(join(folder, file.fileName), file.type === 'chunk' ? file.code : file.source)
  sweep(folder, new Set(output.map((file) => file.fileName)))
  // Compiled code of the last build; nothing else would ever clear it.
  rmSync(inProject('dist', '.compile-cache'), { recursive: true, force: true })
  return {
    inputs: [...new Set(modules.filter(isOwnSource).map((id) => relative(root, id.replace(/\?.*$/, ''))))].sort(),
    outputs: output.map((file) => `dist/${group.name}/${file.fileName}`),
  }
}

async function bundleRenderer() {
  const { build } = await import('vite')
  const scratch = inProject('dist', `.renderer-${process.pid}`)
  const inputs = rendererInputs()
  try {
    await build({
      configFile: inProject('vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: scratch, emptyOutDir: true },
    })
    replaceFolder(scratch, inProject('dist', 'renderer'))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return { inputs, outputs: ['dist/renderer/index.html'] }
}

/**
 * @param {string} level
 * @param {{ code?: string, message: string }} log
 * @param {(level: any, log: any) => void} handle
 */
function refuseUnresolved(level, log, handle) {
  if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
  handle(level, log)
}

/** @param {string} id */
function isOwnSource(id) {
  return id.startsWith(root) && !id.includes('node_modules')
}

/**
 * Readers see the old file or the new one, never half of it.
 * @param {string} path
 * @param {string | Uint8Array} content
 */
function writeWhole(path, content) {
  const scratch = `${path}.${process.pid}.tmp`
  writeFileSync(scratch, content)
  renameSync(scratch, path)
}

/**
 * @param {string} folder
 * @param {Set<string>} keep
 */
function sweep(folder, keep) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity)
    if (!keep.has(name) && ageMs > KEEP_OLD_OUTPUT_MS) rmSync(path, { recursive: true, force: true })
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function replaceFolder(from, to) {
  const old = `${to}.old-${process.pid}`
  if (existsSync(to)) renameSync(to, old)
  renameSync(from, to)
  rmSync(old, { recursive: true, force: true })
}

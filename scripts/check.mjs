// npm run check [-- <stage>...]: types, lint, layers, unused code, unit tests.
import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { reportFile } from './report-totals.mjs'
import { root, secondsSince } from './project.mjs'
import { run, runStages } from './stages.mjs'

/** @type {readonly import('./stages.mjs').Stage[]} */
export const CHECK_STAGES = [
  { name: 'build', run: async () => (await build()).failed.length === 0 },
  { name: 'types', run: checkTypes },
  { name: 'lint', run: () => run('oxlint', ['--type-aware']) },
  { name: 'layers', run: () => run('node', ['scripts/check-layers.mjs']) },
  { name: 'unused', run: () => run('knip', ['--no-progress']) },
  { name: 'unit', run: () => runVitest('unit') },
]

/**
 * @param {'unit' | 'integration'} project of vitest.config.ts
 * @returns {Promise<boolean>}
 */
export function runVitest(project) {
  return run('vitest', ['run', `--project=${project}`, '--reporter=dot', '--reporter=json', `--outputFile.json=${reportFile(project)}`])
}

/** Every runtime has a tsconfig of its own; none of them emits. */
async function checkTypes() {
  const configs = readdirSync(root).filter((name) => /^tsconfig\.(?!base)[a-z-]+\.json$/.test(name))
  const results = await Promise.all(configs.map((config) => run('tsc', ['-p', config], { quiet: true })))
  return results.every(Boolean)
}

async function main() {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !CHECK_STAGES.some((stage) => stage.name === name))
  if (unknown.length > 0) throw new Error(`No such stage: ${unknown.join(', ')}. There are ${CHECK_STAGES.map(({ name }) => name).join(', ')}`)
  const startedAt = performance.now()
  const failed = await runStages(CHECK_STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
  console.log(failed.length === 0 ? `\nAll is well (${secondsSince(startedAt)})` : `\nFailed: ${failed.join(', ')} (${secondsSince(startedAt)})`)
  process.exitCode = failed.length === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()

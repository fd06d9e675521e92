import { spawn } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchFolder } from './bench-data.ts'
import { openBenchEngine } from './bench-engine.ts'
import { figure, type Measurement, percentile } from './measurement.ts'

/** From the command to the first line of `strata runs`, on a workspace that has run. */

const ROOT = fileURLToPath(new URL('../', import.meta.url))
export const SAMPLE = join(ROOT, 'resources', 'sample', 'rare-disease')

/** The sample in a folder of its own, every data type run once. The caller removes it. */
export async function sampleThatRan(): Promise<string> {
  const dir = benchFolder()
  cpSync(SAMPLE, dir, { recursive: true })
  await using engine = await openBenchEngine(dir, { keep: true })
  for (const dataType of ['prevalence', 'drugs', 'clinical_trials']) await engine.run(dataType)
  return dir
}

export async function measureCliStart(): Promise<Measurement[]> {
  const workspace = await sampleThatRan()
  const runs = ['runs', '--workspace', workspace]
  const strata = await firstOutputMs(10, [join(ROOT, 'scripts', 'strata.mjs'), ...runs])
  const bundle = await firstOutputMs(10, [join(ROOT, 'dist', 'headless', 'cli.js'), ...runs])
  const bare = await firstOutputMs(10, ['-e', 'console.log(1)'])
  rmSync(workspace, { recursive: true, force: true })
  return [
    {
      name: 'Command line, start of `strata runs` to its first output, median of 10',
      value: percentile(strata, 0.5),
      unit: 'ms',
      comparedWith: `Node printing one line: ${figure(percentile(bare, 0.5))} ms`,
      aim: { atMost: 400 },
      details: [`slowest ${figure(percentile(strata, 1))} ms; without the check for stale builds ${figure(percentile(bundle, 0.5))} ms`],
    },
  ]
}

async function firstOutputMs(times: number, args: readonly string[]): Promise<number[]> {
  const results: number[] = []
  // The first fills the caches of the disk and of compiled code, and does not count.
  for (let attempt = 0; attempt <= times; attempt++) {
    const ms = await firstOutput(args)
    if (attempt > 0) results.push(ms)
  }
  return results
}

function firstOutput(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    let ms: number | null = null
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.on('data', () => (ms ??= performance.now() - start))
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0 && ms !== null) resolve(ms)
      else reject(new Error(`node ${args.join(' ')} ended with ${code}${ms === null ? ' and printed nothing' : ''}`))
    })
  })
}

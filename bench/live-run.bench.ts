import { chromium, type Page } from '@playwright/test'
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findChromium } from '../scripts/chromium.mjs'
import { makeWorkspace } from './bench-engine.ts'
import { CHROMIUM_ARGS, startHost } from './bench-host.ts'
import { figure, type Measurement, percentile } from './measurement.ts'

/** Whether the window keeps drawing while a run of many entities goes on behind it: the time between two frames of the run page. */

const CLI = fileURLToPath(new URL('../dist/headless/cli.js', import.meta.url))
const FRAME_MS = 1_000 / 60
const run = promisify(execFile)

const PROCESSOR = `import { defineProcessor } from 'strata'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
export default defineProcessor({
  result: z.object({ n: z.int() }),
  async process(entityId, rows) {
    await setTimeout(1)
    if (entityId.endsWith('77')) throw new Error('entity ' + entityId + ' is odd')
    return { n: rows.length }
  },
})
`

export async function measureLiveRun(count: number): Promise<Measurement[]> {
  const executablePath = await findChromium()
  if (executablePath === null) {
    console.log('Live run: skipped, no Chromium on this machine')
    return []
  }
  const workspace = makeWorkspace({
    'strata.yaml': 'name: bench\nlabel: Bench\n',
    'inbox/things.csv': `id\n${Array.from({ length: count }, (_, index) => `E${index}`).join('\n')}\n`,
    'pipelines/things/pipeline.yaml': 'entity: { key: id }\nsources: { things: { files: inbox/things.csv, format: csv } }\n',
    'pipelines/things/processed/counted.ts': PROCESSOR,
    'pipelines/things/processed/counted.yaml': 'key: [id]\nentity: { input: raw.things, max_failed: 5%, attempts: 1, concurrency: 16 }\n',
  })
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
  try {
    await using host = await startHost(workspace)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(host.url)
    const idle = await frames(page, () => page.waitForTimeout(3_000))
    const running = run(process.execPath, [CLI, 'run', 'things', '--workspace', workspace, '--json'], { maxBuffer: 64_000_000 })
    const live = await frames(page, async () => {
      await page.waitForTimeout(500)
      await page.evaluate(() => {
        window.location.hash = '#/runs/things/1?tab=entities'
      })
      await running
    })
    return [
      {
        name: `Window during a run of ${count.toLocaleString('en')} entities: p95 of the time between two frames`,
        value: percentile(live, 0.95),
        unit: 'ms',
        comparedWith: `the same window with nothing running: ${figure(percentile(idle, 0.95))} ms`,
        aim: { atMost: 1.2 * FRAME_MS },
        details: [
          `${figure((1_000 * live.length) / live.reduce((sum, ms) => sum + ms, 0))} frames a second over ${live.length.toLocaleString('en')} frames; ${live.filter((ms) => ms > 50).length} took over 50 ms, the longest ${figure(Math.max(...live))} ms`,
        ],
      },
    ]
  } finally {
    await browser.close()
    rmSync(workspace, { recursive: true, force: true })
  }
}

/** Milliseconds between the frames that the page draws meanwhile. */
async function frames(page: Page, during: () => Promise<unknown>): Promise<number[]> {
  const handle = await page.evaluateHandle(() => {
    const state = { times: [] as number[], isOn: true }
    const tick = (now: number): void => {
      state.times.push(now)
      if (state.isOn) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    return state
  })
  await during()
  const times = await handle.evaluate((state) => {
    state.isOn = false
    return state.times
  })
  return times.slice(1).map((time, index) => time - (times[index] ?? time))
}

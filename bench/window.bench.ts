import { chromium, type Browser } from '@playwright/test'
import { rmSync } from 'node:fs'
import { findChromium } from '../scripts/chromium.mjs'
import { CHROMIUM_ARGS, startHost } from './bench-host.ts'
import { sampleThatRan } from './cli-start.bench.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'

/** From starting the host to a window that shows the workspace: the browser host and an empty profile, nothing warm but the disk. */

interface Start {
  serverMs: number
  overviewMs: number
  gridMs: number
}

export async function measureWindow(): Promise<Measurement[]> {
  const executablePath = await findChromium()
  if (executablePath === null) {
    console.log('Window: skipped, no Chromium on this machine')
    return []
  }
  const workspace = await sampleThatRan()
  const launches: number[] = []
  const starts: Start[] = []
  for (let attempt = 0; attempt < 5; attempt++) {
    const { result: browser, ms } = await timed(() => chromium.launch({ executablePath, args: CHROMIUM_ARGS }))
    launches.push(ms)
    starts.push(await start(browser, workspace))
    await browser.close()
  }
  rmSync(workspace, { recursive: true, force: true })
  const overview = percentile(starts.map((one) => one.overviewMs), 0.5)
  const launch = percentile(launches, 0.5)
  return [
    {
      name: 'Window usable from cold: host started to Overview with the datasets, median of 5',
      value: overview,
      unit: 'ms',
      comparedWith: `starting Chromium with nothing in it: ${figure(launch)} ms, not counted in the value (with it ${figure(overview + launch)} ms)`,
      aim: { atMost: 2_000 },
      details: [
        `host answers after ${figure(percentile(starts.map((one) => one.serverMs), 0.5))} ms; slowest Overview ${figure(percentile(starts.map((one) => one.overviewMs), 1))} ms`,
        `from there to the first rows in a grid ${figure(percentile(starts.map((one) => one.gridMs), 0.5))} ms`,
      ],
    },
  ]
}

async function start(browser: Browser, workspace: string): Promise<Start> {
  const began = performance.now()
  await using host = await startHost(workspace)
  const serverMs = performance.now() - began
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(host.url, { waitUntil: 'commit' })
  await page.getByText('unmet_need').first().waitFor({ timeout: 30_000 })
  const overviewMs = performance.now() - began
  const { ms: gridMs } = await timed(async () => {
    await page.getByText('unmet_need').first().click()
    await page.locator('.ag-row').first().waitFor({ timeout: 30_000 })
  })
  return { serverMs, overviewMs, gridMs }
}

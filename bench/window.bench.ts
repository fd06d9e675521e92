import { chromium, type Browser } from '@playwright/test'
import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { findChromium } from '../scripts/chromium.mjs'
import { sampleThatRan } from './cli-start.bench.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'

/** From starting the host to a window that shows the workspace: the browser host and an empty profile, nothing warm but the disk. */

const SERVER = fileURLToPath(new URL('../dist/headless/server.js', import.meta.url))
const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

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
  const server = spawn(process.execPath, [SERVER, workspace, '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const url = await addressOf(server)
    const serverMs = performance.now() - began
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(url, { waitUntil: 'commit' })
    await page.getByText('unmet_need').first().waitFor({ timeout: 30_000 })
    const overviewMs = performance.now() - began
    const { ms: gridMs } = await timed(async () => {
      await page.getByText('unmet_need').first().click()
      await page.locator('.ag-row').first().waitFor({ timeout: 30_000 })
    })
    return { serverMs, overviewMs, gridMs }
  } finally {
    await ended(server)
  }
}

async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error('The host has no output')
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /https?:\/\/\S+/.exec(line)?.[0]
    if (url !== undefined) return url
  }
  throw new Error('The host ended before it named its address')
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve()
    server.on('exit', () => resolve())
    server.kill('SIGTERM')
  })
}

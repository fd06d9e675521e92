import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test'
import { z } from 'zod'
import { findChromium } from '../scripts/chromium.mjs'
import { CHROMIUM_ARGS, startHost } from './bench-host.ts'
import { figure, type Measurement, percentile } from './measurement.ts'

/** A large table in the window: frames while it is scrolled, as the browser traced them, what the page holds in memory, and whether the wheel steps row by row. */

const SCROLL_MS = 4_000
const WHEEL_EVERY_MS = 16
/** Three rows of the compact density. */
const WHEEL_PX = 84
const WHEEL_ROWS = 3
const HEAP_MB = 150
const FRAMES = 'disabled-by-default-devtools.timeline.frame,devtools.timeline.frame'

export async function measureScroll({ workspace, dataset, rowCount }: { workspace: string; dataset: string; rowCount: number }): Promise<Measurement[]> {
  const executablePath = await findChromium()
  if (executablePath === null) {
    console.log('Scrolling: not measured, no Chromium on this machine (STRATA_CHROMIUM names one)')
    return []
  }
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
  try {
    await using host = await startHost(workspace)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(host.url)
    await page.evaluate((address) => (location.hash = address), `#/data/${dataset}`)
    await page.locator('.ag-row .ag-cell').nth(20).waitFor({ timeout: 60_000 })
    return await measurePage({ browser, page, rowCount })
  } finally {
    await browser.close()
  }
}

async function measurePage({ browser, page, rowCount }: { browser: Browser; page: Page; rowCount: number }): Promise<Measurement[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const heaps: number[] = [await heapMb(session)]
  const grid = await page.locator('.ag-grid-viewport').boundingBox()
  await page.mouse.move((grid?.x ?? 0) + 200, (grid?.y ?? 0) + 200)
  const intervals = await tracedFrames({ browser, page, each: async () => void heaps.push(await heapMb(session)) })
  const steps = [await stepsAt(page, 0), await stepsAt(page, 0.5), await stepsAt(page, 0.9999)]
  heaps.push(await heapMb(session))
  const size = rowCount.toLocaleString('en')
  const fps = 1_000 / (intervals.reduce((sum, ms) => sum + ms, 0) / intervals.length)
  return [
    { name: `Frames a second while ${size} rows are scrolled by the wheel`, value: fps, unit: 'frames/s', comparedWith: `${intervals.length} frames that the browser drew; p95 between two ${figure(percentile(intervals, 0.95))} ms`, aim: { atLeast: 55 } },
    { name: 'Memory of the page, the most of JavaScript heap', value: Math.max(...heaps), unit: 'MB', comparedWith: `${figure(heaps[0] ?? 0)} MB with the first page on screen`, aim: { atMost: HEAP_MB } },
    { name: `Rows that a step of the wheel moves, of ${WHEEL_ROWS}`, value: Math.max(...steps.map((rows) => Math.abs(rows - WHEEL_ROWS))), unit: 'rows', comparedWith: `${steps.join(', ')} rows at the beginning, in the middle and near the end`, aim: { atMost: 0 } },
  ]
}

async function heapMb(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 2 ** 20
}

const traceSchema = z.object({ traceEvents: z.array(z.object({ name: z.string(), ts: z.number() }).loose()) })

/** Milliseconds between the frames that were drawn while the wheel was turned. */
async function tracedFrames({ browser, page, each }: { browser: Browser; page: Page; each: () => Promise<void> }): Promise<number[]> {
  await browser.startTracing(page, { categories: FRAMES.split(',') })
  const end = performance.now() + SCROLL_MS
  for (let turn = 0; performance.now() < end; turn += 1) {
    await page.mouse.wheel(0, WHEEL_PX)
    if (turn % 30 === 0) await each()
    await page.waitForTimeout(WHEEL_EVERY_MS)
  }
  const { traceEvents } = traceSchema.parse(JSON.parse((await browser.stopTracing()).toString('utf8')))
  const drawn = traceEvents.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1_000).toSorted((a, b) => a - b)
  return drawn.slice(1).map((at, index) => at - (drawn[index] ?? at))
}

/** Rows by which one turn of the wheel moves the first row in sight, at this share of the table. */
async function stepsAt(page: Page, share: number): Promise<number> {
  await page.evaluate((at) => {
    const viewport = document.querySelector('.ag-grid-viewport')
    if (viewport !== null) viewport.scrollTop = at * viewport.scrollHeight
  }, share)
  await page.waitForTimeout(1_500)
  const before = await firstRow(page)
  await page.mouse.wheel(0, WHEEL_PX)
  await page.waitForTimeout(500)
  return (await firstRow(page)) - before
}

async function firstRow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const top = document.querySelector('.ag-header')?.getBoundingClientRect().bottom ?? 0
    const rows = [...document.querySelectorAll('.ag-row[row-index]')].map((row) => ({ top: row.getBoundingClientRect().top, index: Number(row.getAttribute('row-index')) }))
    return Math.min(...rows.filter((row) => row.top >= top - 4).map(({ index }) => index))
  })
}

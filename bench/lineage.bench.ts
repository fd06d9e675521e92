import { chromium, type Page } from '@playwright/test'
import { rmSync } from 'node:fs'
import { findChromium } from '../scripts/chromium.mjs'
import { CHROMIUM_ARGS, startHost } from './bench-host.ts'
import { COLUMNS, DATASETS, generateLineage } from './generated-lineage.ts'
import { figure, type Measurement, percentile } from './measurement.ts'

/** The lineage screen over 2,000 datasets: from the address to the drawn graph, and frames while it is moved. */

const SIZE = `${DATASETS.toLocaleString('en')} datasets, ${(DATASETS * COLUMNS).toLocaleString('en')} columns`

export async function measureLineage(): Promise<Measurement[]> {
  const executablePath = await findChromium()
  if (executablePath === null) {
    console.log('Lineage: skipped, no Chromium on this machine')
    return []
  }
  const workspace = await generateLineage()
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
  try {
    await using host = await startHost(workspace)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(host.url)
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    const first = await openFocus(page, 'type_1.curated.table_31')
    const focus: number[] = []
    for (let type = 2; type <= 9; type += 1) focus.push(await openFocus(page, `type_${type}.curated.table_${30 + type}`))
    const whole = await openWhole(page)
    const frames = await pan(page)
    return [
      { name: `Lineage around a focus among ${SIZE}, from the address to the graph, median`, value: percentile(focus, 0.5), unit: 'ms', comparedWith: `${focus.length} openings, ${focus.map(figure).join(', ')} ms; the first one, with the screen's code, ${figure(first)} ms`, aim: { atMost: 200 } },
      { name: `Lineage, the whole graph of ${SIZE}`, value: whole.ms, unit: 'ms', comparedWith: `${whole.drawn.toLocaleString('en')} of its nodes in the page, since only what is seen is`, aim: { atMost: 2_000 } },
      { name: 'Lineage, time between two frames while the whole graph is panned, p95', value: percentile(frames, 0.95), unit: 'ms', comparedWith: `${frames.length} frames, ${figure(1_000 / (frames.reduce((sum, ms) => sum + ms, 0) / frames.length))} a second`, aim: { atMost: 20 } },
    ]
  } finally {
    await browser.close()
    rmSync(workspace, { recursive: true, force: true })
  }
}

/** Until the focus stands in the page and a frame was drawn. */
async function openFocus(page: Page, dataset: string): Promise<number> {
  return page.evaluate(async (focus) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    const began = performance.now()
    window.location.hash = `#/lineage/${focus}`
    while (document.querySelector(`.ln-node.focus[data-dataset="${focus}"]`) === null) await frame()
    await frame()
    return performance.now() - began
  }, dataset)
}

async function openWhole(page: Page): Promise<{ ms: number; drawn: number }> {
  return page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    const inMap = (): number => Number(document.querySelector('.ln-mini')?.getAttribute('data-nodes') ?? 0)
    const before = inMap()
    const began = performance.now()
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent === 'Whole graph')
    button?.click()
    while (inMap() < Math.max(1_000, before + 1) && performance.now() - began < 60_000) await frame()
    await frame()
    return { ms: performance.now() - began, drawn: document.querySelectorAll('.ln-node').length }
  })
}

/** Milliseconds between frames while the graph is moved by the wheel, in both directions. */
async function pan(page: Page): Promise<number[]> {
  const area = await page.locator('.ln-canvas').boundingBox()
  if (area === null) throw new Error('The graph is not there')
  await page.mouse.move(area.x + area.width / 2, area.y + area.height / 2)
  const frames = page.evaluate(async () => {
    const times: number[] = []
    let last = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
    const end = last + 3_000
    while (last < end) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      times.push(now - last)
      last = now
    }
    return times
  })
  for (let step = 0; step < 150; step += 1) {
    await page.mouse.wheel(step % 50 < 25 ? 30 : -30, step < 75 ? 40 : -40)
    await page.waitForTimeout(16)
  }
  return frames
}

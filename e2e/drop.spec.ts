import type { ElectronApplication, Page } from '@playwright/test'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from './fixtures.ts'
import { openScreen, SCREENS } from './screens.ts'

/** A folder as it came from somebody: two parts that are one table, and something else further down. */
const test = base.extend<{ delivery: string }>({
  delivery: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'strata-e2e-'))
    await mkdir(join(folder, 'from the shop', 'more'), { recursive: true })
    for (const n of [1, 2]) await writeFile(join(folder, 'from the shop', `orders-${n}.csv`), `id,amount\n${n},${n * 10}\n${n + 5},7\n`)
    await writeFile(join(folder, 'from the shop', 'more', 'people.json'), '[{"name":"Ada"},{"name":"Grace"}]')
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
})

/** What stands in for Electron where there is none cannot tell where a file lies. */
async function isStandIn(app: ElectronApplication | null): Promise<boolean> {
  return app !== null && (await app.evaluate(() => Reflect.has(globalThis, '__electronHarness')))
}

/** As the file manager of the desktop does it, with files that lie on the disk. */
async function dropFromDisk(page: Page, ...files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const) await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data })
  await expect(page.getByText('Drop to add data')).toBeVisible()
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', x: 502, y: 402, data })
  await session.send('Input.dispatchDragEvent', { type: 'drop', x: 502, y: 402, data })
  await session.detach()
}

test.use({ sample: 'finished' })

test('files dropped on any screen are looked at', async ({ electronApp, page, delivery }) => {
  test.skip(await isStandIn(electronApp), 'Needs the real Electron')
  test.slow()
  for (const name of ['overview', 'runs', 'run', 'lineage', 'data', 'contracts', 'settings'] as const) {
    await test.step(name, async () => {
      await openScreen(page, SCREENS[name])
      await dropFromDisk(page, join(delivery, 'from the shop', 'orders-1.csv'))
      await expect(page.getByRole('heading', { name: 'Add data', level: 1 })).toBeVisible()
      await expect(page.getByRole('region', { name: 'Preview' }).getByRole('row', { name: /^1 / })).toContainText('10')
      await expect(page.getByText('Drop to add data')).toBeHidden()
    })
  }
})

test('a folder is looked at whole: files that are alike are one source', async ({ electronApp, page, delivery, shot }) => {
  test.skip(await isStandIn(electronApp), 'Needs the real Electron')
  await openScreen(page, SCREENS.overview)
  await dropFromDisk(page, join(delivery, 'from the shop'))
  const sources = page.getByRole('complementary', { name: 'Proposed sources' })
  await expect(sources.getByRole('listitem')).toHaveCount(2)
  await expect(sources).toContainText('2 files')
  await expect(sources).toContainText('people.json')
  await expect(page.getByRole('textbox', { name: 'Data type' })).toHaveValue('from_the_shop')
  await shot('ingest-folder')
  await page.getByRole('button', { name: 'Save 2 sources and run' }).click()
  await expect(page.getByRole('heading', { name: 'from_the_shop #1' })).toBeVisible()
  await expect(page.locator('.run-head .status')).toHaveText('Succeeded', { timeout: 30_000 })
})

test('the desktop reads files and folders where they lie, and copies them when they are saved', async ({ host, page, delivery, workspace }) => {
  test.skip(host !== 'electron', 'Needs the desktop program')
  await page.evaluate((paths) => {
    window.location.hash = `#/ingest?paths=${encodeURIComponent(JSON.stringify(paths))}`
  }, [join(delivery, 'from the shop')])
  await expect(page.getByRole('complementary', { name: 'Proposed sources' }).getByRole('listitem')).toHaveCount(2)
  await page.getByRole('button', { name: 'Save 2 sources only' }).click()
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('are saved')
  const kept = await readFile(join(workspace, 'inbox/from_the_shop/orders/orders-1.csv'), 'utf8')
  expect(kept).toBe(await readFile(join(delivery, 'from the shop', 'orders-1.csv'), 'utf8'))
})

test('the desktop says so when what is dropped lies in no folder', async ({ host, page }) => {
  test.skip(host !== 'electron', 'Needs the desktop program')
  await openScreen(page, SCREENS.overview)
  const transfer = await page.evaluateHandle(() => {
    const made = new DataTransfer()
    made.items.add(new File(['a'], 'picture.png'))
    return made
  })
  await page.dispatchEvent('#main', 'drop', { dataTransfer: transfer })
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('picture.png lies in no folder of this machine')
})

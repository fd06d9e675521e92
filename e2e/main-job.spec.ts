import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { expect, test } from './fixtures.ts'
import { openScreen, SAMPLE_TABLE, SCREENS } from './screens.ts'

const RUN_LIMIT_MS = 120_000

test('an analyst runs every pipeline and watches it to the end', async ({ page, shot }) => {
  test.setTimeout(RUN_LIMIT_MS + 60_000)
  await page.getByRole('button', { name: 'Run all' }).click()
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click()
  await page.getByRole('grid', { name: 'Runs' }).getByRole('gridcell', { name: 'prevalence #1', exact: true }).dblclick()
  await expect(page.getByRole('heading', { name: 'prevalence #1' })).toBeVisible()
  await shot('run-under-way')
  await page.getByRole('region', { name: 'Run prevalence #1' }).getByRole('link', { name: 'group 1' }).click()
  await expect(page.getByRole('heading', { name: 'Run of all data types, group 1' })).toBeVisible()
  await expect(page.getByRole('row', { name: /clinical_trials #1/ })).toContainText('drugs')
  await shot('group-under-way')
  await page.getByRole('link', { name: 'Overview' }).click()
  for (const dataset of [SAMPLE_TABLE, 'prevalence.curated.diseases', 'clinical_trials.results.unmet_need']) {
    await expect(page.locator(`a.ds[title="${dataset}"]`), dataset).toHaveAttribute('href', new RegExp(`#/data/${dataset}`), { timeout: RUN_LIMIT_MS })
  }
})

test.describe('after the runs', () => {
  test.use({ sample: 'finished' })

  test('a curated table is sorted by its header and filtered, and the address keeps both', async ({ page }) => {
    await openScreen(page, SCREENS.data)
    const header = page.getByRole('columnheader', { name: 'product_id' })
    const firstId = (): Promise<string> => page.locator('[row-index="0"] [col-id="product_id"]').innerText()
    await header.click()
    await expect(header).toHaveAttribute('aria-sort', 'ascending')
    const smallest = await firstId()
    await header.click()
    await expect(header).toHaveAttribute('aria-sort', 'descending')
    await expect.poll(firstId).not.toBe(smallest)
    const largest = await firstId()
    expect(largest > smallest).toBe(true)
    await page.reload()
    await expect.poll(firstId).toBe(largest)
  })

  test('lineage leads from a curated table to the delivered files', async ({ page }) => {
    await openScreen(page, SCREENS.lineage)
    await expect(page.locator('.react-flow__node').filter({ hasText: 'products' }).first()).toBeVisible()
    expect(await page.locator('.react-flow__node').count()).toBeGreaterThan(1)
  })

  test('an export is the table as it is shown, with a manifest beside it', async ({ page, workspace }) => {
    await openScreen(page, SCREENS.data)
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('dialog').getByRole('button', { name: /^Export / }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Open exports' }).click()
    await expect(page.getByRole('grid', { name: 'Exports' }).getByText(SAMPLE_TABLE, { exact: true })).toBeVisible()
    const folder = join(workspace, 'exports')
    const names = await readdir(folder)
    const file = names.find((name) => name.endsWith('.csv')) ?? ''
    const lines = (await readFile(join(folder, file), 'utf8')).trimEnd().split(/\r?\n/)
    const manifest = z.object({ dataset: z.string(), rowCount: z.number() }).parse(JSON.parse(await readFile(join(folder, `${file}.manifest.json`), 'utf8')))
    expect(manifest).toEqual({ dataset: SAMPLE_TABLE, rowCount: lines.length - 1 })
  })
})

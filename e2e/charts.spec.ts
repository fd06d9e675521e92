import { readFile } from 'node:fs/promises'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

test('rows are drawn as a chart that follows the filters, by keyboard, with the numbers behind it and as a file', async ({ page, shot }) => {
  await page.evaluate(() => {
    window.location.hash = '#/data/drugs.curated.products'
  })
  await expect(page.getByRole('gridcell').first()).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Shift+h')
  await expect(page.getByRole('img', { name: /^Rows by month of/ })).toBeVisible()
  await expect(page.getByRole('img', { name: /614 rows/ })).toBeVisible()
  await shot('chart-line')

  await page.getByRole('radio', { name: 'Bars' }).or(page.getByRole('button', { name: 'Bars', exact: true })).first().click()
  await page.getByLabel('Along', { exact: true }).selectOption('protected_by')
  await page.getByLabel('Colour', { exact: true }).selectOption('protected_by')
  await expect(page.getByRole('img', { name: /^Rows by protected_by and protected_by/ })).toBeVisible()
  await shot('chart-bars')
  await page.getByLabel('Colour', { exact: true }).selectOption('')
  await page.getByRole('button', { name: 'Numbers' }).click()
  const numbers = page.getByRole('group', { name: 'The numbers of the chart' })
  await expect(numbers.getByRole('row', { name: /^patent/ })).toBeVisible()
  await page.getByRole('button', { name: 'Numbers' }).click()

  const address = await page.evaluate(() => window.location.hash)
  expect(address).toContain('chart=')
  const [svg] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'SVG' }).click()])
  expect(svg.suggestedFilename()).toMatch(/^drugs\.curated\.products\.v\d+\.bar\.svg$/)
  expect(await readFile(await svg.path(), 'utf8')).toMatch(/^<svg[\s\S]+patent/)
  const [png] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'PNG' }).click()])
  expect((await readFile(await png.path())).subarray(1, 4).toString()).toBe('PNG')

  await page.getByRole('button', { name: 'Save this view' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('What protects')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^What protects/ })).toHaveAttribute('aria-current', 'true')
  await page.getByRole('button', { name: 'Chart', exact: true }).click()
  await expect(page.getByRole('gridcell').first()).toBeVisible()
  await page.evaluate(() => {
    window.location.hash = '#/overview'
  })
  await page.evaluate(() => {
    window.location.hash = '#/data/drugs.curated.products?view=What%20protects'
  })
  await expect(page.getByRole('img', { name: /^Rows by protected_by\./ })).toBeVisible()

  for (const kind of ['Histogram', 'Scatter', 'Heat map']) {
    await page.getByRole('radio', { name: kind }).or(page.getByRole('button', { name: kind, exact: true })).first().click()
    await expect(page.locator('.chart-body[aria-busy="false"] .chart-canvas, .chart-body[aria-busy="false"] .empty')).toBeVisible()
    await shot(`chart-${kind.replace(' ', '-').toLowerCase()}`)
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await accessibilityFaults(page)).toEqual([])
  }
  await shot('chart-dark')
})

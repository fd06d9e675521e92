import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

async function open(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '#/data/drugs.curated.products'
  })
  await expect(page.getByRole('gridcell').first()).toBeVisible()
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ has: page.getByRole('gridcell', { name, exact: true }) })

test('rows are grouped by dragging a header into the bar, opened level by level, and lead back to the rows', async ({ page, shot }) => {
  await open(page)
  await page.keyboard.press('ControlOrMeta+Shift+g')
  const bar = page.getByRole('group', { name: 'Group and pivot' })
  const zone = bar.getByRole('group', { name: 'Group by' })
  await expect(zone).toBeVisible()
  const [header, target] = [await page.getByRole('columnheader', { name: 'route' }).boundingBox(), await zone.boundingBox()]
  if (header === null || target === null) throw new Error('The header or the bar is not on screen')
  await page.mouse.move(header.x + 20, header.y + header.height / 2)
  await page.mouse.down()
  await page.mouse.move(header.x + 30, header.y + 4, { steps: 4 })
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 6 })
  await expect(zone).toHaveClass(/over/)
  await page.mouse.up()
  await expect(zone.getByRole('button', { name: 'Group by: route' })).toBeVisible()
  await expect(page.getByRole('row', { name: /All rows/ })).toContainText('614')
  await expect(page.getByText('4 groups of 614 rows')).toBeVisible()

  await zone.getByRole('button', { name: 'Column' }).click()
  await page.getByRole('menuitem', { name: 'dosage_form' }).click()
  await bar.getByRole('group', { name: 'Summarise' }).getByRole('button', { name: 'Value' }).click()
  await page.getByRole('menuitem', { name: 'patents', exact: true }).click()
  await page.getByRole('gridcell', { name: 'ORAL' }).click()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('gridcell', { name: 'TABLET' })).toBeVisible()
  const counts = await page.evaluate(() => [...document.querySelectorAll('.ag-row')].map((line) => [...line.querySelectorAll('.ag-cell')].map((cell) => cell.textContent)))
  const numberOf = (name: string): number => Number(counts.find((cells) => cells.some((cell) => cell === name))?.at(-2)?.replace(',', ''))
  expect(numberOf('CAPSULE') + numberOf('TABLET')).toBe(numberOf('ORAL'))
  await shot('pivot-open')

  await row(page, 'TABLET').getByRole('gridcell').nth(1).click()
  await page.keyboard.press('f')
  await expect(page.getByRole('status').filter({ hasText: `${numberOf('TABLET')} of 614 rows` })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Drop filter dosage_form is TABLET' })).toBeVisible()
  await page.goBack()
  await expect(page.getByText('4 groups of 614 rows')).toBeVisible()
})

test('chips move between groups down and across, the table is sorted, kept as a view and exported', async ({ page, shot, workspace }) => {
  await open(page)
  await page.getByRole('columnheader', { name: 'route' }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Group by this' }).click()
  const bar = page.getByRole('group', { name: 'Group and pivot' })
  await bar.getByRole('group', { name: 'Group by' }).getByRole('button', { name: 'Column' }).click()
  await page.getByRole('menuitem', { name: 'approved_on' }).click()
  await bar.getByRole('button', { name: 'Group by: approved_on by month' }).click()
  await page.getByRole('menuitem', { name: 'by year' }).click()
  await bar.getByRole('button', { name: 'Group by: approved_on by year' }).dragTo(bar.getByRole('group', { name: 'Pivot by' }))
  await expect(bar.getByRole('button', { name: 'Pivot by: approved_on by year' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: '1988' })).toBeVisible()
  await shot('pivot-across')
  await page.getByRole('columnheader', { name: '1988' }).click()
  await page.getByRole('columnheader', { name: '1988' }).click()
  await expect(page.getByRole('gridcell', { name: /^(TOPICAL|ORAL|INTRAVENOUS|OPHTHALMIC)$/ }).first()).toHaveText('TOPICAL')
  expect(await accessibilityFaults(page)).toEqual([])

  await page.getByRole('button', { name: 'Save this view' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Routes by year')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^Routes by year/ })).toHaveAttribute('aria-current', 'true')
  const kept = JSON.parse(await readFile(path.join(workspace, 'views/Routes by year.json'), 'utf8'))
  expect(kept.pivot).toMatchObject({ rows: [{ column: 'route' }], columns: [{ column: 'approved_on', bucket: 'year' }], sort: [{ column: '1988', direction: 'desc' }] })

  await page.keyboard.press('ControlOrMeta+e')
  await page.getByRole('button', { name: 'Export the groups' }).click()
  await expect(page.getByRole('heading', { name: 'drugs.curated.products is exported' })).toBeVisible()
  const file = await page.getByRole('dialog').locator('.kv dd').first().textContent()
  const lines = (await readFile(file ?? '', 'utf8')).trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^route,1988,.*,null,total$/)
  expect(lines.slice(1).reduce((sum, line) => sum + Number(line.split(',').at(-1)), 0)).toBe(614)
  await page.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('button', { name: 'Group', exact: true }).click()
  await expect(page.getByText('614 rows', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^Routes by year/ }).click()
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(page)
  await page.evaluate(() => {
    window.location.hash = '#/data/drugs.curated.products?view=Routes%20by%20year'
  })
  await expect(page.getByRole('columnheader', { name: '1988' })).toBeVisible()
  expect(await accessibilityFaults(page)).toEqual([])
  await shot('pivot-dark')
})

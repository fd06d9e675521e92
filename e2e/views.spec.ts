import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { cell, openTrials } from './trials.ts'

test.use({ sample: 'finished' })

async function columnMenu(page: Page, column: string, item: string): Promise<void> {
  await page.locator(`.ag-header-cell[col-id="${column}"]`).click({ button: 'right' })
  await page.getByRole('menuitem', { name: item }).click()
}

test('columns are written as somebody wants them and stand under headings, and stay so', async ({ page, shot }) => {
  await openTrials(page)
  await columnMenu(page, 'enrollment', 'Format…')
  await page.getByLabel('Style').selectOption('grouped')
  await page.getByLabel('Decimals').fill('2')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(cell(page, 1, 'enrollment')).toHaveText('256.00')
  await columnMenu(page, 'started_on', 'Format…')
  await page.getByLabel('Style').selectOption('year')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(cell(page, 1, 'started_on')).toHaveText(/^\d{4}$/)
  await columnMenu(page, 'phase', 'Put under a heading…')
  await page.getByLabel('Heading').fill('Design')
  await page.keyboard.press('Enter')
  await columnMenu(page, 'status', 'Put under a heading…')
  await page.getByRole('button', { name: 'Design' }).click()
  await expect(page.getByRole('columnheader', { name: 'Design' })).toHaveCount(1)
  await shot('headings')
  await page.reload()
  await expect(cell(page, 1, 'enrollment')).toHaveText('256.00')
  await expect(page.getByRole('columnheader', { name: 'Design' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a view is saved, opened by its address, renamed and deleted, within WCAG AA, in ${colorScheme}`, async ({ page, shot, workspace }) => {
    await page.emulateMedia({ colorScheme })
    await openTrials(page, '?sort=enrollment:desc&filter=phase:eq:PHASE3')
    await columnMenu(page, 'title', 'Hide column')
    await expect(cell(page, 0, 'title')).toHaveCount(0)
    await page.getByRole('button', { name: 'Save this view' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Late phase')
    await page.keyboard.press('Enter')
    const views = page.getByRole('list', { name: 'Views' })
    await expect(views.getByRole('button', { name: /^Late phase/ })).toHaveAttribute('aria-current', 'true')
    expect(JSON.parse(await readFile(join(workspace, 'views/Late phase.json'), 'utf8'))).toMatchObject({ dataset: 'clinical_trials.curated.trials', query: { filter: [{ column: 'phase', op: 'eq', value: 'PHASE3' }] }, layout: { hidden: ['title'] } })
    await shot(`views-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])

    // Somewhere else nothing of it is known but its address.
    await page.evaluate(() => window.localStorage.removeItem('strata.data-view'))
    await page.evaluate(() => {
      window.location.hash = '#/runs'
    })
    await page.reload()
    await openTrials(page, '?view=Late%20phase')
    await expect(page.getByRole('button', { name: 'Drop filter phase is PHASE3' })).toBeVisible()
    await expect(page.locator('.grid-foot').getByRole('status')).toHaveText('36 of 240 rows')
    await expect(cell(page, 0, 'title')).toHaveCount(0)

    await views.getByRole('button', { name: 'Menu of view Late phase' }).click()
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Phase 3')
    await page.keyboard.press('Enter')
    await expect(views.getByRole('button', { name: /^Phase 3/ })).toHaveAttribute('aria-current', 'true')
    await views.getByRole('button', { name: 'Menu of view Phase 3' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(views.getByRole('button', { name: /^Phase 3/ })).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(views.getByRole('button', { name: /^Phase 3/ })).toBeVisible()
  })
}

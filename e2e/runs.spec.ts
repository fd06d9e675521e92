import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, address)
}

test.describe('a finished run', () => {
  test.use({ sample: 'finished' })

  test('shows its steps with rows and time, and what each read and made', async ({ page }) => {
    await goTo(page, '#/runs/drugs/1')
    const steps = page.getByRole('table', { name: 'Steps of drugs #1' })
    await expect(steps.getByRole('row').nth(1)).toContainText('raw.designations')
    await expect(steps.getByRole('row', { name: /preprocessed\.patents/ })).toContainText('1,029')
    await steps.getByRole('row', { name: /raw\.designations/ }).click()
    await expect(page.getByRole('region', { name: 'Step drugs.raw.designations' })).toContainText('331 read = 329 loaded + 2 quarantined')
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('region', { name: 'Step drugs.raw.exclusivities' })).toBeVisible()
  })

  test('accounts for every entity: the failed ones by state, by cause and by name', async ({ page, shot }) => {
    await goTo(page, '#/runs/clinical_trials/1?tab=entities')
    const entities = page.getByRole('region', { name: 'Entities' })
    await entities.getByRole('button', { name: /2 Failed/ }).click()
    await expect(entities.getByRole('grid')).toHaveAttribute('aria-rowcount', '3')
    await expect(entities.getByRole('list', { name: 'Failures by cause' })).toContainText('before it starts')
    await shot('run-entities-failed')
    await entities.getByRole('button', { name: /2 Failed/ }).click()
    await entities.getByLabel('Find an entity or error').fill('900143')
    await expect(entities.getByRole('grid')).toHaveAttribute('aria-rowcount', '2')
    await expect(entities.getByRole('link', { name: '900143' })).toHaveAttribute('href', '#/data/entity/900143')
  })

  test('shows rejected records as delivered, broken rules with rows, files with their hash', async ({ page, shot }) => {
    await goTo(page, '#/runs/drugs/1?tab=quarantine')
    await page.getByRole('grid', { name: 'Quarantined records' }).getByRole('row', { name: /no data/ }).click()
    await expect(page.getByRole('group', { name: 'Record as delivered' })).toContainText('OD-0032')
    await shot('run-quarantine')
    await page.getByRole('tab', { name: /Checks/ }).click()
    await page.getByRole('row', { name: /not_null\(submitted_on\)/ }).click()
    await expect(page.getByRole('group', { name: /Rows that break not_null\(submitted_on\)/ })).toContainText('patent_number')
    await shot('run-checks')
    await page.getByRole('tab', { name: 'Reads and writes' }).click()
    const hash = page.locator('.hash').first()
    expect(await hash.getAttribute('title')).toMatch(/^[0-9a-f]{64}$/)
    await shot('run-reads-and-writes')
  })

  test('has a log that is narrowed by level and text', async ({ page }) => {
    await goTo(page, '#/runs/clinical_trials/1?tab=log')
    const log = page.getByRole('log')
    await expect(log).toContainText('is published')
    await page.getByLabel('Least level').selectOption('error')
    await expect(log).not.toContainText('is published')
    await page.getByLabel('Search the log').fill('NCT90106365')
    await expect(log.locator('.log-line')).toHaveCount(1)
  })

  test('is found in the list by data type and text, and the address keeps the filter', async ({ page }) => {
    await goTo(page, '#/runs')
    const runs = page.getByRole('grid', { name: 'Runs' })
    await expect(runs).toHaveAttribute('aria-rowcount', '4')
    await page.getByLabel('Data type').selectOption('drugs')
    await expect(runs).toHaveAttribute('aria-rowcount', '2')
    await expect(page).toHaveURL(/#\/runs\?dataType=drugs/)
    await page.reload()
    await expect(runs).toHaveAttribute('aria-rowcount', '2')
    await page.getByLabel('State').selectOption('failed')
    await expect(page.getByText('No run matches these filters')).toBeVisible()
    await page.getByRole('button', { name: 'Clear all filters' }).click()
    await expect(runs).toHaveAttribute('aria-rowcount', '4')
    await runs.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/#\/runs\/\w+\/1$/)
  })
})

test('a run is cancelled by key, says so at once, and resumes under its own number to the end', async ({ page, shot }) => {
  test.setTimeout(120_000)
  await page.locator('.type-head', { hasText: 'prevalence' }).getByRole('button', { name: 'Run' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run a pipeline' })
  await dialog.getByRole('button', { name: 'Run prevalence' }).click()
  await expect(dialog).toBeHidden()
  await goTo(page, '#/runs/prevalence/1')
  await expect(page.getByRole('button', { name: 'Cancel run' })).toBeVisible()
  await page.keyboard.press('Control+.')
  await expect(page.locator('.run-head .status')).toHaveText('Cancelled', { timeout: 15_000 })
  await shot('run-cancelled')
  await page.getByRole('button', { name: 'Resume run' }).click()
  await expect(page.locator('.run-head .status')).toHaveText(/Degraded|Succeeded/, { timeout: 60_000 })
  await expect(page.locator('.run-head')).toContainText('attempt 2')
  await expect(page).toHaveURL(/#\/runs\/prevalence\/1$/)
})

test('an address of a run that does not exist says so and leads to all runs', async ({ page }) => {
  await goTo(page, '#/runs/drugs/999')
  await expect(page.getByRole('alert')).toContainText('drugs #999')
  await page.getByRole('link', { name: 'All runs' }).click()
  await expect(page.getByText('Nothing has run yet')).toBeVisible()
})

import type { Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, address)
}

test.describe('the account of entities', () => {
  test.use({ sample: 'finished' })

  test('can be held to one cause of failure, and let go again', async ({ page }) => {
    await goTo(page, '#/runs/clinical_trials/1?tab=entities')
    const entities = page.getByRole('region', { name: 'Entities' })
    const all = await entities.getByRole('grid').getAttribute('aria-rowcount')
    const cause = entities.getByRole('list', { name: 'Failures by cause' }).getByRole('button').first()
    await cause.press('Enter')
    await expect(cause).toHaveAttribute('aria-pressed', 'true')
    await expect(entities.getByRole('grid')).not.toHaveAttribute('aria-rowcount', String(all))
    await expect(entities.getByRole('grid').getByRole('row').nth(1)).toContainText('Failed')
    await cause.press('Enter')
    await expect(entities.getByRole('grid')).toHaveAttribute('aria-rowcount', String(all))
  })

  test('is kept by SQL steps that go by entities as well', async ({ page, shot }) => {
    await goTo(page, '#/runs/prevalence/1')
    await page.getByRole('row', { name: /preprocessed\.case_reports/ }).click()
    const entities = page.getByRole('region', { name: 'Entities' })
    await expect(entities.getByRole('button', { name: /97 Succeeded/ })).toBeVisible()
    await expect(entities.getByRole('grid')).toHaveAttribute('aria-rowcount', '98')
    await shot('run-entities-sql')
  })

  test('an entity leads to the entities that its rows name, and a column is found in the palette', async ({ page, shot }) => {
    await goTo(page, '#/data/entity/900214')
    const drugs = page.getByRole('region', { name: 'Rows of drugs.curated.orphan_drugs' })
    const link = drugs.getByRole('link').first()
    const other = (await link.textContent()) ?? ''
    await shot('entity-links')
    await link.click()
    await expect(page).toHaveURL(new RegExp(`#/data/entity/${other}$`))
    await expect(page.getByRole('region', { name: 'Rows of drugs.curated.orphan_drugs' })).toBeVisible()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('orphan_drugs per_100k')
    await page.getByRole('option', { name: /drugs\.curated\.orphan_drugs\.per_100k/ }).click()
    await expect(page.getByRole('complementary', { name: 'About the chosen column' })).toContainText('per_100k')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('>theme dark')
    await page.keyboard.press('Enter')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  })

  test('an entity is found by its label, in the palette and in its own screen, and tells what changed when', async ({ page, shot }) => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('pellin')
    const option = page.getByRole('option', { name: /^Pellinian dystonia 900104/ })
    await expect(option).toBeVisible()
    await shot('palette-entities')
    await option.click()
    await expect(page).toHaveURL(/#\/data\/entity\/900104$/)
    const field = page.getByRole('combobox', { name: 'Find an entity' })
    await field.fill('late-onset jorv')
    await expect(page.getByRole('listbox', { name: 'Entities found' }).getByRole('option').first()).toContainText('Late-onset Jorvinian ataxia')
    await shot('entity-finder')
    await field.press('ArrowDown')
    await field.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Jorvinian')
    await page.getByRole('tab', { name: 'Timeline' }).click()
    const timeline = page.getByRole('group', { name: 'What changed when' })
    await expect(timeline.getByRole('region', { name: 'prevalence.curated.diseases appeared' })).toContainText('Jorvinian')
    await expect(timeline.getByRole('link', { name: 'prevalence #1' }).first()).toHaveAttribute('href', '#/runs/prevalence/1')
    await shot('entity-timeline')
    expect(await accessibilityFaults(page)).toEqual([])
  })
})

import type { Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

async function open(page: Page, address = '#/data/clinical_trials.curated.trials'): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to
  }, address)
  await expect(page.locator('[row-index="0"] [col-id]').nth(1)).not.toBeEmpty()
}

function count(page: Page) {
  return page.locator('.grid-foot').getByRole('status')
}

async function beginFilter(page: Page, column: string, op?: string): Promise<void> {
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByLabel('Column', { exact: true }).selectOption({ label: column })
  if (op !== undefined) await page.getByLabel('Test', { exact: true }).selectOption(op)
}

test('a set is chosen from the values that there are, with their counts, by keys alone', async ({ page, shot }) => {
  await open(page)
  await beginFilter(page, 'phase', 'in')
  const values = page.getByRole('group', { name: 'Values of phase' })
  await expect(values.getByRole('checkbox')).not.toHaveCount(0)
  const label = await values.locator('label').first().innerText()
  const [, n = ''] = label.split(/\s+/)
  await shot('filter-set')
  await page.getByRole('textbox', { name: 'Find a value' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect(values.getByRole('checkbox').first()).toBeChecked()
  await page.keyboard.press('Enter')
  await expect(count(page)).toHaveText(`${n} of 240 rows`)
  await expect(page).toHaveURL(/filter=phase:in:/)
  // Others are found by their text; those that are chosen stay.
  await page.getByRole('button', { name: /^phase is/ }).click()
  await page.getByRole('textbox', { name: 'Find a value' }).fill('zzz')
  await expect(page.getByRole('group', { name: 'Values of phase' }).getByRole('checkbox')).toHaveCount(1)
  await page.getByLabel('Test', { exact: true }).selectOption('not_in')
  await page.getByRole('button', { name: 'Change filter' }).click()
  await expect(count(page)).toHaveText(`${240 - Number(n)} of 240 rows`)
})

test('a regular expression is told where it is wrong, and finds when it is right', async ({ page, shot }) => {
  await open(page)
  await beginFilter(page, 'nct_id', 'matches')
  await page.getByRole('textbox', { name: 'Value' }).fill('^NCT0+(5')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('cannot be read at character 7: missing )')
  await expect(page.getByLabel('The mistake is at character 7')).toBeVisible()
  await shot('filter-pattern')
  await page.getByRole('textbox', { name: 'Value' }).fill('[13579]$')
  await page.keyboard.press('Enter')
  await expect(count(page)).toHaveText(/^[1-9]\d* of 240 rows$/)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Drop filter nct_id matches [13579]$' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an expression is judged before it is used, within WCAG AA, in ${colorScheme}`, async ({ page, shot }) => {
    await page.emulateMedia({ colorScheme })
    await open(page)
    await beginFilter(page, 'SQL expression about the row')
    const field = page.getByRole('textbox', { name: 'Expression' })
    await field.fill("enrollment > 100 AND phse = 'PHASE2'")
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert')).toContainText('There is no column "phse"')
    await expect(page.getByLabel('The mistake is at character 22')).toBeVisible()
    await shot(`filter-expression-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await field.fill('(SELECT 1) = 1')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert')).toContainText('A subquery cannot be in a filter')
    await field.fill("enrollment > 100 AND phase = 'PHASE2'")
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('button', { name: "Drop filter where enrollment > 100 AND phase = 'PHASE2'" })).toBeVisible()
    await expect(count(page)).toHaveText(/^[1-9]\d* of 240 rows$/)
    const counted = await count(page).innerText()
    await page.reload()
    await expect(count(page)).toHaveText(counted)
  })
}

test('rows beside something else are filtered by the menu of their columns too', async ({ page }) => {
  await page.evaluate(() => {
    window.location.hash = '#/pipelines?file=pipelines/clinical_trials/curated/trials.sql'
  })
  await page.getByRole('tab', { name: /Preview/ }).or(page.getByRole('button', { name: /^Preview/ })).first().click()
  await expect(page.locator('[row-index="0"] [col-id]').nth(1)).not.toBeEmpty()
  await page.getByRole('columnheader', { name: /phase/ }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Filter…' }).click()
  await page.getByLabel('Test', { exact: true }).selectOption('in')
  await page.getByRole('checkbox', { name: /PHASE2/ }).first().check()
  await page.getByRole('button', { name: 'Add filter' }).click()
  await expect(page.getByRole('button', { name: /^Drop filter phase is/ })).toBeVisible()
})

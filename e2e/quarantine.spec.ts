import type { Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { press, tabTo } from './keyboard.ts'
import { SHOP } from './shop.ts'

test.use({ files: SHOP })

const records = (page: Page) => page.getByRole('grid', { name: 'Quarantined records' })
const correction = (page: Page) => page.getByRole('form', { name: 'Correction' })
const reason = (page: Page, name: RegExp) => page.getByRole('navigation', { name: 'Reasons' }).getByRole('button', { name })

/** Runs the shop from the overview and waits for its end. */
async function runShop(page: Page): Promise<void> {
  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('region', { name: 'Zone map' })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  const run = page.getByRole('dialog', { name: 'Run a pipeline' }).getByRole('button', { name: 'Run shop' })
  await expect(run).not.toHaveAttribute('aria-disabled')
  await run.press('Enter')
  await expect(page.locator('.need').first()).toContainText('in quarantine', { timeout: 30_000 })
}

test('the queue is worked through by keyboard alone, and the counts add up before and after', async ({ page, shot }) => {
  test.slow()
  await runShop(page)
  await press(page, page.getByRole('link', { name: 'Work through them' }))
  await expect(page.locator('.pagehead')).toContainText('6 records open')
  await expect(page.locator('.pagehead')).toContainText('7 read = 4 loaded + 3 quarantined')
  await expect(page.getByRole('navigation', { name: 'Reasons' }).getByRole('button')).toHaveCount(5)

  // Found by what it holds, looked at in its file, corrected with a reason.
  await tabTo(page, page.getByLabel('Find in reason, record, key or file'))
  await page.keyboard.type('oops')
  await expect(records(page)).toHaveAttribute('aria-rowcount', '2')
  const lines = page.getByRole('group', { name: 'Lines of the file' })
  await expect(lines.locator('[aria-current]')).toHaveText('54,dan,oops,2026-01-04')
  await expect(lines).toContainText('3,,7,2026-01-03')
  await shot('quarantine-in-its-file')
  await page.keyboard.press('Tab')
  await page.keyboard.press('e')
  await expect(page.getByLabel('amount, corrected')).toBeFocused()
  await page.keyboard.type('4')
  await tabTo(page, correction(page).getByLabel(/^Why/))
  await page.keyboard.type('A typing mistake')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('No record matches these filters')).toBeVisible()
  await press(page, page.getByRole('button', { name: 'Clear all filters' }))

  await press(page, reason(page, /customer is missing/))
  await expect(page.getByRole('region', { name: 'As delivered' })).toContainText('record 3')
  await page.keyboard.press('e')
  await expect(page.getByLabel('customer, corrected')).toBeFocused()
  await page.keyboard.type('cat')
  await tabTo(page, correction(page).getByLabel(/^Why/))
  await page.keyboard.type('Asked the shop')
  await page.keyboard.press('Control+Enter')
  await expect(reason(page, /customer is missing/)).toBeHidden()

  // Accepted, and left out: one record each.
  // The keys are for the record that is shown.
  const shown = page.getByRole('region', { name: 'As delivered' })
  await press(page, reason(page, /amount is out of range/))
  await expect(shown).toContainText('-5')
  await page.keyboard.press('a')
  await expect(page.getByRole('dialog', { name: 'Accept 1 record?' })).toBeVisible()
  await page.keyboard.type('A refund')
  await page.keyboard.press('Control+Enter')
  await expect(reason(page, /amount is out of range/)).toBeHidden()
  await press(page, reason(page, /placed_on does not fit/))
  await expect(shown).toContainText('soon')
  await page.keyboard.press('x')
  await page.keyboard.type('Never placed')
  await page.keyboard.press('Control+Enter')
  await expect(reason(page, /placed_on does not fit/)).toBeHidden()

  // All with one reason, by the rule.
  await press(page, reason(page, /id occurs more than once/))
  await press(page, page.getByRole('button', { name: 'Ignore all 2' }))
  await expect(page.getByRole('dialog', { name: 'Ignore all 2 records with this reason?' })).toContainText('Every later run does the same')
  await page.keyboard.type('Doubled by the till')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { name: 'Everything is decided' })).toBeVisible()
  await shot('quarantine-decided')

  // Just those again: under the number of the run, with what reads them.
  await press(page, page.getByRole('button', { name: 'Run again with 6 decisions' }))
  await expect(page.getByRole('heading', { name: 'shop #1', level: 1 })).toBeVisible()
  await expect(page.locator('.run-head .status')).toHaveText('Succeeded', { timeout: 30_000 })
  await page.getByRole('table', { name: 'Steps of shop #1' }).getByRole('row', { name: /raw\.orders/ }).click()
  await expect(page.getByRole('region', { name: 'Step shop.raw.orders' })).toContainText('7 read = 6 loaded + 0 quarantined + 1 skipped')
  await press(page, page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: /^Quality/ }))
  await expect(page.locator('.pagehead')).toContainText('7 read = 6 loaded + 0 quarantined + 1 skipped')
  await expect(page.getByText('Nothing is in quarantine')).toBeVisible()
  await tabTo(page, page.getByLabel('State'))
  await page.keyboard.type('Any')
  await expect(page.getByRole('navigation', { name: 'Reasons' }).getByRole('button')).toHaveCount(5)
  await press(page, reason(page, /amount does not fit/))
  await expect(page.getByRole('region', { name: 'As delivered' })).toContainText('A typing mistake')
  await expect(records(page)).toContainText('Corrected')

  // On record, with who and why.
  await page.evaluate(() => {
    window.location.hash = '#/audit'
  })
  const trail = page.getByRole('grid', { name: 'Audit trail' })
  for (const why of ['A typing mistake', 'Asked the shop', 'A refund', 'Never placed', 'Doubled by the till']) await expect(trail).toContainText(why)
})

test('a decision is taken back where it was made', async ({ page }) => {
  await runShop(page)
  await page.getByRole('link', { name: 'Work through them' }).click()
  await reason(page, /amount is out of range/).click()
  await correction(page).getByLabel(/^Why/).fill('A refund')
  await page.getByRole('button', { name: 'Accept as it is' }).click()
  await expect(page.locator('.pagehead')).toContainText('5 records open, 1 decision waits for a run')
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click()
  await expect(page.locator('.pagehead')).toContainText('6 records open')
  await expect(page.getByRole('button', { name: 'Run again', exact: true })).toHaveAttribute('aria-disabled', 'true')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the queue in ${colorScheme}, within WCAG AA`, async ({ page, shot }) => {
    await page.emulateMedia({ colorScheme })
    await runShop(page)
    await press(page, page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: /^Quality/ }))
    await expect(page.getByRole('heading', { name: 'As made' })).toBeVisible()
    for (const [width, height] of [[1280, 800], [1920, 1080]] as const) {
      await page.setViewportSize({ width, height })
      await shot(`quarantine-${colorScheme}-${width}`)
      expect.soft(await accessibilityFaults(page)).toEqual([])
    }
  })
}

test('a correction says at once what the contract has against it, and can be kept anyway', async ({ page, shot }) => {
  await runShop(page)
  await page.getByRole('link', { name: 'Work through them' }).click()
  await reason(page, /amount is out of range/).click()
  const amount = page.getByLabel('amount, corrected')
  await amount.fill('four')
  await expect(correction(page)).toContainText('amount is "four", which is no INTEGER')
  await expect(amount).toHaveAttribute('aria-invalid', 'true')
  await correction(page).getByLabel(/^Why/).fill('By ear')
  await expect(page.getByRole('button', { name: 'Save correction' }).or(page.getByRole('button', { name: 'Save anyway' }))).toHaveAttribute('aria-disabled', 'true')
  await amount.fill('-4')
  await expect(correction(page)).toContainText('amount is "-4", below 0 (range(amount))')
  await shot('quarantine-judged')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Save anyway' }).click()
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('It stays in quarantine until you accept it')
  await amount.fill('4')
  await correction(page).getByLabel(/^Why/).fill('Asked the shop')
  await expect(page.getByRole('button', { name: 'Save correction' })).not.toHaveAttribute('aria-disabled', 'true')
})

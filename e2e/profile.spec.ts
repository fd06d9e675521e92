import type { Locator, Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

async function open(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '#/data/clinical_trials.curated.trials'
  })
  await page.getByRole('tab', { name: 'Profile' }).click()
  await expect(histogram(page, 'enrollment')).toBeAttached()
}

function histogram(page: Page, column: string): Locator {
  return page.getByRole('listbox', { name: new RegExp(`^Histogram of ${column}`) })
}

/** Rows that the grid has, as the line below it says. */
async function rows(page: Page): Promise<number> {
  const words = page.locator('.grid-foot').getByRole('status')
  await expect(words).toContainText(/^[\d,]+ (of [\d,]+ )?rows?$/)
  return Number((await words.innerText()).split(' ')[0]?.replaceAll(',', ''))
}

/** What the bars say that they hold. */
async function counts(bars: Locator): Promise<number[]> {
  const labels = await bars.getByRole('option').evaluateAll((options) => options.map((option) => option.getAttribute('aria-label') ?? ''))
  return labels.map((label) => Number(/: ([\d,]+) rows?$/.exec(label)?.[1]?.replaceAll(',', '')))
}

test('brushing a histogram with the mouse leaves the rows that its bars count', async ({ page }) => {
  await open(page)
  const bars = histogram(page, 'enrollment')
  await bars.scrollIntoViewIfNeeded()
  const all = await counts(bars)
  expect(all.reduce((sum, count) => sum + count, 0)).toBe(240)
  const from = bars.getByRole('option').nth(3)
  const to = bars.getByRole('option').nth(6)
  await from.hover()
  await page.mouse.down()
  await to.hover()
  await page.mouse.up()
  await expect(page.getByRole('button', { name: /^Drop filter enrollment ≥/ })).toBeVisible()
  await expect(bars.getByRole('option', { selected: true })).toHaveCount(4)
  await expect.poll(() => rows(page)).toBe(all.slice(3, 7).reduce((sum, count) => sum + count, 0))
  // Another range takes its place.
  await bars.getByRole('option').nth(0).click()
  await expect.poll(() => rows(page)).toBe(all[0])
  await expect(page.getByRole('button', { name: /^Drop filter enrollment/ })).toHaveCount(1)
  await page.getByRole('region', { name: 'enrollment' }).getByRole('button', { name: 'Clear its filter' }).click()
  await expect.poll(() => rows(page)).toBe(240)
})

test('the same by keyboard alone', async ({ page }) => {
  await open(page)
  const bars = histogram(page, 'started_on')
  await bars.focus()
  const all = await counts(bars)
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page)).toBe((all[1] ?? 0) + (all[2] ?? 0) + (all[3] ?? 0))
  await page.keyboard.press('Escape')
  await expect.poll(() => rows(page)).toBe(240)

  const phase = page.getByRole('region', { name: 'phase' })
  await phase.getByRole('button', { name: /^PHASE2/ }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page)).toBe(84)
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page)).toBe(240)
  await phase.getByRole('button', { name: /^null/ }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page)).toBe(20)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`tells all that is known of a column, within WCAG AA, in ${colorScheme}`, async ({ page, shot }) => {
    await page.emulateMedia({ colorScheme })
    await open(page)
    await page.getByRole('textbox', { name: 'Find a column' }).fill('enroll')
    const column = page.getByRole('region', { name: 'enrollment' })
    await column.getByRole('button', { name: 'More' }).click()
    await expect(column).toContainText('Median')
    await expect(column).toContainText('0 of 240')
    await page.getByRole('button', { name: 'Clear: Find a column' }).click()
    await shot(`profile-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.reload()
    // Kept from before: nothing is looked at again.
    await expect(histogram(page, 'enrollment')).toBeAttached()
  })
}

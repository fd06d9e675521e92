import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const TRIALS = '#/data/clinical_trials.curated.trials'

async function open(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to
  }, address)
  await expect(page.locator('[row-index="0"] [col-id]').nth(1)).not.toBeEmpty()
}

function cell(page: Page, row: number, column: string) {
  return page.locator(`[row-index="${row}"] [col-id="${column}"]`)
}

async function addFilter(page: Page, column: string, op: string, value?: string): Promise<void> {
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByLabel('Column', { exact: true }).selectOption(column)
  await page.getByLabel('Test', { exact: true }).selectOption(op)
  if (op === 'in') for (const one of (value ?? '').split('\n')) await page.getByRole('checkbox', { name: one }).check()
  else if (value !== undefined) await page.getByRole('textbox', { name: 'Value' }).fill(value)
  await page.getByRole('button', { name: 'Add filter' }).click()
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`)).toEqual([])
}

test('a workspace without rows says which run fills it', async ({ page, shot }) => {
  await page.evaluate(() => {
    window.location.hash = '#/data'
  })
  await expect(page.getByRole('heading', { name: 'No dataset holds rows yet' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run all' })).toBeVisible()
  await shot('data-empty')
})

test.describe('the rows of a dataset', () => {
  test.use({ sample: 'finished' })

  test('are narrowed by typed filters that can be changed, dropped and reopened', async ({ page, shot }) => {
    await open(page, TRIALS)
    const foot = page.locator('.grid-foot')
    await expect(foot).toContainText('240 rows')
    await addFilter(page, 'phase', 'in', 'PHASE2\nPHASE3')
    await expect(foot).toContainText(/^\d+ of 240 rows/)
    await addFilter(page, 'enrollment', 'ge', '100')
    await expect(page.getByRole('button', { name: 'Drop filter enrollment ≥ 100' })).toBeVisible()
    await page.locator('.ag-header-cell[col-id="enrollment"] .grid-header-name').click()
    await expect(page.getByRole('columnheader', { name: /enrollment/ })).toHaveAttribute('aria-sort', 'ascending')
    await page.getByRole('columnheader', { name: /status/ }).click({ modifiers: ['Shift'] })
    await shot('data-filtered')
    await expect(page).toHaveURL(/sort=enrollment;status&filter=phase:in:PHASE2:PHASE3;enrollment:ge:100$/)
    const first = await cell(page, 0, 'nct_id').innerText()
    const count = foot.getByRole('status')
    const counted = await count.innerText()
    await page.reload()
    await expect(cell(page, 0, 'nct_id')).toHaveText(first)
    await expect(count).toHaveText(counted)
    await page.getByRole('button', { name: 'Drop filter enrollment ≥ 100' }).click()
    await expect(count).not.toHaveText(counted)
  })

  test('refuse a value that does not fit the column, and say which filter leaves nothing', async ({ page, shot }) => {
    await open(page, TRIALS)
    await addFilter(page, 'enrollment', 'gt', 'many')
    await expect(page.getByText('Give a number, for example 10 or 0.5')).toBeVisible()
    await page.getByRole('textbox', { name: 'Value' }).fill('100,000,000')
    await page.getByRole('button', { name: 'Add filter' }).click()
    await expect(page.getByRole('heading', { name: 'No row matches this filter' })).toBeVisible()
    await addFilter(page, 'phase', 'not_null')
    await expect(page.getByText(/Without “enrollment > 100000000” there are \d+/)).toBeVisible()
    await shot('data-no-match')
    await page.getByRole('button', { name: 'Drop that filter' }).click()
    await expect(cell(page, 0, 'nct_id')).toBeVisible()
  })

  test('are walked, chosen, copied, filtered and shown whole by keys', async ({ page, host }) => {
    if (host === 'browser') await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await open(page, TRIALS)
    await cell(page, 2, 'status').click()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await expect(page.locator('.grid-foot')).toContainText('3 cells selected, 3 rows × 1 column')
    if (host === 'browser') {
      await page.keyboard.press('Control+c')
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^[A-Z_]+\n[A-Z_]+\n[A-Z_]+$/)
    }
    await page.keyboard.press('Control+End')
    await expect(cell(page, 239, 'status')).toBeFocused()
    await page.keyboard.press('Home')
    await expect(cell(page, 239, 'nct_id')).toBeFocused()
    await page.keyboard.press('Control+Home')
    await expect(cell(page, 0, 'nct_id')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'Value of nct_id' })).toContainText(await cell(page, 0, 'nct_id').innerText())
    await page.keyboard.press('Escape')
    await expect(cell(page, 0, 'nct_id')).toBeFocused()
    await page.keyboard.press('f')
    await expect(page.locator('.grid-foot')).toContainText('1 of 240 rows')
    await page.keyboard.press('Control+b')
    await expect(page.getByRole('tree', { name: 'Datasets' })).toBeHidden()
    await page.keyboard.press('Control+j')
    await expect(page.getByRole('complementary', { name: 'About the rows' })).toBeHidden()
  })

  test('keep what a person did to the columns', async ({ page }) => {
    await open(page, TRIALS)
    await page.getByRole('columnheader', { name: /title/ }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Hide column' }).click()
    await expect(page.getByRole('columnheader', { name: /title/ })).toBeHidden()
    await page.reload()
    await expect(cell(page, 0, 'status')).toBeVisible()
    await expect(page.getByRole('columnheader', { name: /title/ })).toBeHidden()
    await page.getByRole('button', { name: '15 of 16' }).click()
    await page.getByRole('checkbox', { name: /^title/ }).check()
    await expect(page.getByRole('columnheader', { name: /title/ })).toBeVisible()
  })

  test('lead to the line of the delivered file, and to everything about an entity', async ({ page, shot }) => {
    await open(page, '#/data/drugs.raw.products')
    await page.getByRole('tab', { name: 'Row' }).click()
    await cell(page, 5, 'Trade_Name').click()
    await page.getByRole('button', { name: 'Show source line' }).click()
    await expect(page.getByText('Begins at line 7')).toBeVisible()
    await shot('data-source-line')
    await open(page, TRIALS)
    await cell(page, 3, 'title').click()
    const entity = page.getByRole('complementary', { name: 'About the rows' }).getByTitle(/^Everything about/).first()
    const name = await entity.innerText()
    await entity.click()
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    await expect(page.getByText(/\d+ rows in \d+ datasets of 3 data types/)).toBeVisible()
    await expectNoViolations(page)
    await shot('entity')
  })

  test('come with schema, checks and versions', async ({ page }) => {
    await open(page, TRIALS)
    await page.getByRole('button', { name: /\d of \d checks/ }).click()
    const panel = page.getByRole('complementary', { name: 'About the rows' })
    await expect(panel).toContainText('not_null(nct_id)')
    await panel.getByRole('tab', { name: /History/ }).click()
    await expect(panel.getByRole('link', { name: 'run #1' })).toHaveAttribute('href', '#/runs/clinical_trials/1')
    await page.getByRole('button', { name: /as of run/ }).click()
    await expect(page.getByRole('dialog', { name: 'Versions' }).getByText('current')).toBeVisible()
  })

  test('stay when the next ones cannot be read, with the way out beside the reason', async ({ page, shot }) => {
    await open(page, TRIALS)
    const first = await cell(page, 0, 'nct_id').innerText()
    await page.evaluate(() => {
      window.location.hash += '?filter=no_such_column:is_null'
    })
    await expect(page.getByText('These rows could not be read, the earlier ones stay')).toBeVisible()
    await expect(cell(page, 0, 'nct_id')).toHaveText(first)
    await shot('data-error')
    await page.getByRole('button', { name: 'Keep the rows shown' }).click()
    await expect(page.getByText('These rows could not be read')).toBeHidden()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`meet WCAG AA with filters and dialogs in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme })
      await open(page, TRIALS)
      await addFilter(page, 'phase', 'is_null')
      await cell(page, 1, 'title').click()
      await page.getByRole('tab', { name: 'Row' }).click()
      await expectNoViolations(page)
      await page.getByRole('button', { name: 'Export' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectNoViolations(page)
    })
  }

  for (const [width, height] of [[1280, 720], [1920, 1080]] as const) {
    test(`fit a window of ${width} by ${height}`, async ({ page, shot }) => {
      await page.setViewportSize({ width, height })
      await open(page, TRIALS)
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth && document.documentElement.scrollHeight <= window.innerHeight)).toBe(true)
      await shot(`data-${width}`)
    })
  }
})

import type { Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { cell, openTrials } from './trials.ts'

test.use({ sample: 'finished' })

function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}

test('a range is chosen by keys and by mouse, and copied as TSV, Markdown and JSON, with names or without', async ({ page, host, shot }) => {
  test.skip(host === 'electron', 'the same window; its clipboard is the machine\'s')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openTrials(page)
  const foot = page.locator('.grid-foot')
  await cell(page, 1, 'phase').click()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(foot).toContainText('4 cells selected, 2 rows × 2 columns')
  await shot('range')
  await page.keyboard.press('Control+c')
  await expect.poll(() => clipboard(page)).toMatch(/^PHASE4\t256\nPHASE1\t45$/)
  await cell(page, 2, 'phase').click({ button: 'right' })
  await expect(foot).not.toContainText('cells selected')
  await page.keyboard.press('Escape')
  await cell(page, 1, 'phase').hover()
  await page.mouse.down()
  await cell(page, 2, 'enrollment').hover()
  await page.mouse.up()
  await expect(foot).toContainText('4 cells selected')
  await page.keyboard.press('Control+a')
  await expect(foot).toContainText('3,840 cells selected, 240 rows × 16 columns')
  await page.keyboard.press('Control+c')
  await expect.poll(async () => (await clipboard(page)).split('\n').length).toBeGreaterThanOrEqual(240)
  await cell(page, 1, 'enrollment').click()
  await page.keyboard.press('Shift+Space')
  await expect(foot).toContainText('16 cells selected, 1 row × 16 columns')
  await cell(page, 1, 'phase').click()
  await page.keyboard.press('Control+Space')
  await expect(foot).toContainText('240 cells selected, 240 rows × 1 column')
})

test('what is chosen is copied from its menu in other forms', async ({ page, host }) => {
  test.skip(host === 'electron', 'the same window; its clipboard is the machine\'s')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openTrials(page)
  for (const [item, pattern] of [
    ['Copy with header', /^enrollment\n256$/],
    ['Copy as Markdown', /^\| enrollment \|\n\| ---: \|\n\| 256 \|$/],
    ['Copy as JSON', /^\[\n {2}\{"enrollment": 256\}\n\]$/],
  ] as const) {
    await cell(page, 1, 'enrollment').click({ button: 'right' })
    await page.getByRole('menuitem', { name: item }).click()
    await expect.poll(() => clipboard(page)).toMatch(pattern)
  }
})

test('a text is found in all columns or one, forwards and backwards, in the order that is shown', async ({ page, shot }) => {
  await openTrials(page)
  await cell(page, 0, 'phase').click()
  await page.keyboard.press('Control+f')
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('nct90100223')
  const state = page.getByRole('search', { name: 'Find in rows' }).getByRole('status')
  await expect(state).toHaveText(/^1 of 1 cell$/)
  await page.getByRole('textbox', { name: 'Find', exact: true }).fill('phase3')
  await expect(state).toHaveText(/^\d+ of 36 cells$/)
  await expect(page.locator('.grid-found').first()).toBeVisible()
  await shot('find')
  await page.getByRole('button', { name: 'phase', exact: true }).or(page.getByRole('radio', { name: 'phase' })).first().click()
  await page.getByRole('textbox', { name: 'Find', exact: true }).focus()
  const first = await state.innerText()
  await page.keyboard.press('Enter')
  await expect(state).not.toHaveText(first)
  await expect(page.getByRole('textbox', { name: 'Find', exact: true })).toBeFocused()
  await page.keyboard.press('Shift+F3')
  await expect(state).toHaveText(first)
  await expect(page.locator('.ag-cell-focus')).toHaveText('PHASE3')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('search')).toHaveCount(0)
  await expect(page.locator('.ag-cell-focus')).toBeFocused()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the viewer follows the cursor, and shows lists as a tree, in ${colorScheme}`, async ({ page, shot }) => {
    await page.emulateMedia({ colorScheme })
    await openTrials(page, '?filter=drugbank_ids:not_null')
    await cell(page, 1, 'title').click()
    await page.keyboard.press('Space')
    const viewer = page.getByRole('region', { name: /^Value of/ })
    await expect(viewer).toContainText(await cell(page, 1, 'title').innerText())
    await expect(cell(page, 1, 'title')).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(viewer).toContainText('row 3')
    await page.keyboard.press('Space')
    await expect(viewer).toHaveCount(0)
    await page.keyboard.press('End')
    await cell(page, 0, 'drugbank_ids').click()
    await page.keyboard.press('Enter')
    const tree = page.getByRole('tree', { name: 'Value of drugbank_ids' })
    await expect(tree.getByRole('treeitem').first()).toBeFocused()
    await page.keyboard.press('ArrowLeft')
    await expect(tree.getByRole('treeitem')).toHaveCount(1)
    await page.keyboard.press('ArrowRight')
    await shot(`viewer-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('radio', { name: 'Text' }).or(page.getByRole('button', { name: 'Text', exact: true })).first().click()
    await expect(viewer.locator('pre')).toContainText('[')
    await page.keyboard.press('Escape')
    await expect(viewer).toHaveCount(0)
    await expect(page.locator('.ag-cell-focus')).toBeFocused()
  })
}

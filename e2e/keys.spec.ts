import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { press, tabTo } from './keyboard.ts'

test('keys are shown where they are, can be given to other commands, and are kept', async ({ page, shot }) => {
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await expect(sheet.getByRole('region', { name: 'Everywhere' })).toContainText('Search or run a command')
  await expect(sheet.getByRole('region', { name: 'Lists, grids, editors and dialogs' })).toBeInViewport()
  await shot('key-sheet')
  expect(await accessibilityFaults(page)).toEqual([])
  await press(page, sheet.getByRole('button', { name: 'Change keys' }))
  await expect(page).toHaveURL(/#\/settings$/)

  const everywhere = page.getByRole('region', { name: 'Keys: Everywhere' })
  const row = everywhere.getByRole('listitem').filter({ hasText: 'Search or run a command' })
  await press(page, row.getByRole('button', { name: 'Change the keys of: Search or run a command' }))
  // What edits text everywhere is refused, what another command has is said.
  await page.keyboard.press('Control+c')
  await expect(row.getByRole('status')).toContainText('Ctrl C edits text everywhere')
  await page.keyboard.press('Alt+3')
  await expect(row.getByRole('status')).toContainText('Now for "Lineage"')
  await shot('keys-conflict')
  expect(await accessibilityFaults(page)).toEqual([])
  await press(page, row.getByRole('button', { name: 'Take them' }))
  await expect(row).toContainText('Alt 3')
  await expect(everywhere.getByRole('listitem').filter({ hasText: 'Lineage' })).toContainText('no keys')

  // The old keys do nothing, the new ones do, and hints show them; also after a reload.
  await page.reload()
  await expect(page.getByRole('button', { name: 'Search or run a command' }).first()).toContainText('Alt 3')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Alt+3')
  await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeFocused()
  await page.keyboard.press('Escape')

  const reset = page.getByRole('button', { name: 'Reset all' })
  await tabTo(page, reset)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Search or run a command' }).first()).toContainText('Ctrl K')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeFocused()
})

test('keys of a single letter stay out of fields, and those of an editor can be changed too', async ({ page }) => {
  await page.evaluate(() => window.localStorage.setItem('strata.keys', JSON.stringify({ 'sql.run': ['f8'] })))
  await page.reload()
  await page.keyboard.press('Alt+5')
  const editor = page.getByRole('textbox', { name: /^SQL\. F8 runs it/ })
  await editor.focus()
  await page.keyboard.type('SELECT 1 AS one?')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('F8')
  await expect(page.getByRole('gridcell', { name: '1', exact: true })).toBeVisible()
})

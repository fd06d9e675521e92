import type { Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

const ORDERS = 'Order No;Day;Price;Note\n007;Jul 13, 2026;1,50;a\n008;Aug 1, 2026;20,00;b\n009;Aug 2, 2026;7,25;c\n'

/** As a file manager does: the files are dropped on the middle of the window. */
async function drop(page: Page, files: { name: string; text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((all) => {
    const made = new DataTransfer()
    for (const { name, text } of all) made.items.add(new File([text], name))
    return made
  }, files)
  await page.dispatchEvent('#main', 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent('#main', 'drop', { dataTransfer: transfer })
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`makes a dropped file a source with a first step, in ${colorScheme}`, async ({ page, shot }) => {
    await page.emulateMedia({ colorScheme })
    await drop(page, [{ name: 'orders.csv', text: ORDERS }])
    const preview = page.getByRole('region', { name: 'Preview' })
    await expect(preview.getByRole('row', { name: /007/ })).toBeVisible()
    await expect(page.getByLabel('What was found')).toContainText('semicolon')
    await shot(`ingest-${colorScheme}`)

    // Read with another delimiter, everything is one text; with the right one again, it is a table.
    await page.getByRole('combobox', { name: 'Delimiter' }).selectOption('tab')
    await expect(preview.getByRole('combobox', { name: /^Type of/ })).toHaveCount(1)
    await page.getByRole('combobox', { name: 'Delimiter' }).selectOption('semicolon')
    await expect(preview.getByRole('combobox', { name: 'Type of Price' })).toBeVisible()
    await expect(preview).toContainText('double in the step')

    // A type that some value does not fit shows what it would cost.
    await preview.getByRole('combobox', { name: 'Type of Note' }).selectOption('BIGINT')
    await expect(preview).toContainText('3 would go to quarantine')
    await shot(`ingest-rejects-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await preview.getByRole('combobox', { name: 'Type of Note' }).selectOption('VARCHAR')
    await expect(preview).toContainText('All 3 records')

    await page.getByRole('textbox', { name: 'Data type' }).fill('shop')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save and run' }).click()
    await expect(page.getByRole('heading', { name: 'shop #1', level: 1 })).toBeVisible()
    await expect(page.locator('.run-head')).toContainText('succeeded', { ignoreCase: true })
    await page.evaluate(() => {
      window.location.hash = '#/data/shop.preprocessed.orders'
    })
    await expect(page.locator('[row-index="0"] [col-id="order_no"]')).toHaveText('007')
    await expect(page.locator('[row-index="0"] [col-id="day"]')).toContainText('2026')
  })
}

test('says that the same content came before, and takes several kinds of files at once', async ({ page, shot }) => {
  for (const name of ['orders.csv', 'the same orders.csv']) {
    await drop(page, [{ name, text: ORDERS }])
    await page.getByRole('textbox', { name: 'Data type' }).fill('shop')
    await page.getByRole('textbox', { name: 'Dataset' }).fill('orders')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save only' }).click()
    await expect(page.getByLabel('Messages')).toContainText(name === 'orders.csv' ? 'shop.raw.orders is saved' : '1 file came before')
  }
  await drop(page, [{ name: 'a.csv', text: 'id,name\n1,x\n2,y\n' }, { name: 'b.json', text: '[{"k":1}]' }, { name: 'c.pdf', text: '%PDF-1.4' }])
  const list = page.getByRole('complementary', { name: 'Proposed sources' })
  await expect(list.getByRole('listitem')).toHaveCount(3)
  await expect(list).toContainText('cannot be read')
  await expect(page.getByRole('button', { name: 'Save 2 sources and run' })).toBeVisible()
  await shot('ingest-many')
})

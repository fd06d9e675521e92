import type { Page } from '@playwright/test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { makeWorkbook } from '../electron/engine/etl/connectors/xlsx/test-workbook.ts'

const ORDERS = 'Order No;Day;Price;Note\n007;Jul 13, 2026;1,50;a\n008;Aug 1, 2026;20,00;b\n009;Aug 2, 2026;7,25;c\n'

/** As a file manager does: the files are dropped on the middle of the window. */
async function drop(page: Page, files: { name: string; text: string | Buffer }[]): Promise<void> {
  const transfer = await page.evaluateHandle((all) => {
    const made = new DataTransfer()
    for (const { name, bytes } of all) made.items.add(new File([new Uint8Array(bytes)], name))
    return made
  }, files.map(({ name, text }) => ({ name, bytes: [...Buffer.from(text)] })))
  await page.dispatchEvent('#main', 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent('#main', 'drop', { dataTransfer: transfer })
}

function databaseOf(statements: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'strata-e2e-'))
  const path = join(folder, 'made.db')
  const database = new DatabaseSync(path)
  for (const statement of statements) database.exec(statement)
  database.close()
  const bytes = readFileSync(path)
  rmSync(folder, { recursive: true })
  return bytes
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
    await expect(preview).toContainText('decimal ,')
    await expect(preview.getByRole('row', { name: /007/ })).toContainText('1.5')

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

test('reads columns of fixed width, and follows every change of them', async ({ page, shot }) => {
  await drop(page, [{ name: 'people.txt', text: 'Name          Town     Age\n------------- -------- ---\nAda Lovelace  London    36\nGrace Hopper  New York  85\n\nTotal: 2 people\n' }])
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview.getByRole('row', { name: /Ada Lovelace/ })).toContainText('London')
  await expect(preview).toContainText('1 left out by a rule')
  await expect(page.getByLabel('What was found')).toContainText('a line of dashes under the names')
  const ruler = page.getByRole('region', { name: 'Columns of fixed width' })
  await ruler.getByLabel('Width of Name').fill('4')
  await page.keyboard.press('Enter')
  await expect(preview.getByRole('row', { name: /^1 / })).toContainText('Lovelace London')
  await ruler.getByLabel('Name of the column from character 5').fill('Rest')
  await page.keyboard.press('Enter')
  await expect(preview.getByRole('combobox', { name: 'Type of Rest' })).toBeVisible()
  await shot('ingest-fixed')
  await ruler.getByRole('button', { name: 'Join Rest to the column before' }).click()
  await expect(preview.getByRole('combobox', { name: /^Type of/ })).toHaveCount(2)
  await page.getByRole('button', { name: 'As found' }).click()
  await expect(preview.getByRole('combobox', { name: /^Type of/ })).toHaveCount(3)
  await page.getByRole('combobox', { name: 'Read as' }).selectOption('csv')
  await expect(page.getByRole('combobox', { name: 'Delimiter' })).toHaveValue('space')
})

test('reads a workbook by sheet, range, row of names and merged cells, and a database by table or query', async ({ page, shot }) => {
  const sales = [['Sales of the year'], [], ['Area', 'Item', 'Count'], ['North', 'hat', 1], [null, 'shoe', 2], ['South', 'hat', 3], ['South', 'sock', 4], ['South', 'scarf', 5], ['South', 'belt', 6]]
  const book = makeWorkbook({ sheets: [{ name: 'Sales', rows: sales, merged: ['A1:C1', 'A4:A5'] }, { name: 'Notes', rows: [['who', 'what'], ['Ada', 'looked']] }] })
  await drop(page, [{ name: 'book.xlsx', text: book }, { name: 'people.db', text: databaseOf(['CREATE TABLE people (id INTEGER, name TEXT)', "INSERT INTO people VALUES (1, 'Ada'), (2, 'Grace')", 'CREATE TABLE towns (town TEXT)', "INSERT INTO towns VALUES ('Bonn')"]) }])
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(page.getByRole('complementary', { name: 'Proposed sources' }).getByRole('listitem')).toHaveCount(4)
  await expect(preview.getByRole('row', { name: /shoe/ })).toContainText('null')
  await expect(page.getByLabel('What was found')).toContainText('the table begins there; above it: "Sales of the year"')
  await page.getByRole('combobox', { name: 'Merged cells' }).selectOption('repeat')
  await expect(preview.getByRole('row', { name: /shoe/ })).toContainText('North')
  await page.getByRole('textbox', { name: 'Range' }).fill('A3:B5')
  await page.keyboard.press('Enter')
  await expect(preview).toContainText('All 2 records')
  await expect(preview.getByRole('combobox', { name: /^Type of/ })).toHaveCount(2)
  await page.getByRole('textbox', { name: 'in row' }).fill('4')
  await page.keyboard.press('Enter')
  await expect(preview.getByRole('combobox', { name: 'Type of North' })).toBeVisible()
  await shot('ingest-workbook')
  await page.getByRole('button', { name: 'As found' }).click()
  await page.getByRole('combobox', { name: 'Sheet' }).selectOption('Notes')
  await expect(page.getByRole('combobox', { name: 'Sheet' })).toHaveValue('Notes')

  await page.getByRole('button', { name: /people_people/ }).click()
  await expect(preview.getByRole('row', { name: /Grace/ })).toBeVisible()
  await page.getByRole('combobox', { name: 'Table' }).selectOption('towns')
  await expect(preview.getByRole('row', { name: /Bonn/ })).toBeVisible()
  await page.getByRole('textbox', { name: 'or a query' }).fill("SELECT name || '!' AS loud FROM people WHERE id = 2")
  await page.keyboard.press('Enter')
  await expect(preview.getByRole('row', { name: /Grace!/ })).toBeVisible()
  await expect(preview).toContainText('The only record')
  await shot('ingest-database')
})

test('says how the values of a column are written, and asks where the file does not tell', async ({ page, shot }) => {
  await drop(page, [{ name: 'days.csv', text: 'day;amount;ok\n01/02/2026;1.234,50 €;ja\n03/04/2026;20 €;nein\n' }])
  const preview = page.getByRole('region', { name: 'Preview' })
  const first = preview.getByRole('row', { name: /^1 / })
  await expect(first).toContainText('1234.5')
  const found = page.getByLabel('What was found')
  await expect(found.getByRole('button', { name: 'text', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await found.getByRole('button', { name: 'month first, %m/%d/%Y' }).click()
  await expect(first).toContainText('2026-01-02')
  await preview.getByRole('button', { name: 'How day is written' }).click()
  await page.getByRole('combobox', { name: 'Written like' }).selectOption('%d/%m/%Y')
  await page.keyboard.press('Escape')
  await expect(first).toContainText('2026-02-01')
  await preview.getByRole('combobox', { name: 'Type of ok' }).selectOption('BOOLEAN')
  await expect(preview).toContainText('2 would go to quarantine')
  await preview.getByRole('button', { name: 'How ok is written' }).click()
  await page.getByRole('textbox', { name: 'True' }).fill('ja')
  await page.getByRole('textbox', { name: 'False' }).fill('nein')
  await page.keyboard.press('Enter')
  await shot('ingest-column')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(first).toContainText('true')
  await page.getByRole('textbox', { name: 'Data type' }).fill('shop')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save and run' }).click()
  await expect(page.locator('.run-head .status')).toHaveText('Succeeded', { timeout: 30_000 })
})

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

test('offers lists inside records as tables of their own, some or all', async ({ page, shot }) => {
  await drop(page, [{ name: 'patients.json', text: JSON.stringify([{ id: 'p1', who: { name: 'Ada' }, visits: [{ day: 'Mon' }, { day: 'Tue' }], tests: [{ kind: 'blood' }] }, { id: 'p2', who: { name: 'Bo' } }]) }])
  const found = page.getByLabel('What was found')
  await expect(found).toContainText('2 lists can be tables of their own')
  await found.getByRole('button', { name: 'As tables' }).click()
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview.getByRole('combobox', { name: 'Type of who_name' })).toBeVisible()
  await expect(found).toContainText('2 rows in 1 record, 1 column')
  await found.getByRole('checkbox', { name: 'tests' }).uncheck()
  await expect(preview.getByRole('combobox', { name: 'Type of tests' })).toBeVisible()
  await shot('ingest-nested')
  await page.getByRole('button', { name: 'What is written' }).click()
  await expect(page.locator('#main')).toContainText('record: $.visits[*]')
})

import type { Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeZip } from '../electron/engine/etl/connectors/xlsx/test-workbook.ts'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

const PIPELINE = 'sources:\n  # From the till.\n  orders: { files: inbox/orders.csv, format: csv, delimiter: ";", encoding: windows-1252, drift: block }\n'

test.use({ files: { 'strata.yaml': 'name: shop\n', 'inbox/orders.csv': 'id;name\n1;ann\n', 'pipelines/shop/pipeline.yaml': PIPELINE } })

async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle((file) => {
    const made = new DataTransfer()
    made.items.add(new File([new Uint8Array(file.bytes)], file.name))
    return made
  }, { name, bytes: [...bytes] })
  await page.dispatchEvent('#main', 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent('#main', 'drop', { dataTransfer: transfer })
}

async function name(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: label, exact: true }).fill(text)
  await page.keyboard.press('Enter')
}

const existing = (page: Page) => page.getByRole('group', { name: 'The source is there already' })
const written = (page: Page) => page.getByRole('group', { name: 'What will be written' })

test('files for a source that is there are said to differ from it, and what is written is seen before', async ({ page, shot, workspace }) => {
  await drop(page, 'more.csv', Buffer.from('id,name\n2,bob\n3,cat\n'))
  await expect(page.getByLabel('What was found')).toContainText('certain')
  await name(page, 'Data type', 'shop')
  await name(page, 'Dataset', 'orders')
  await expect(existing(page)).toContainText('shop.raw.orders is a source already')
  await expect(existing(page)).toContainText('delimiter: ";" in the source')
  await expect(existing(page).getByRole('button', { name: 'Keep what the source declares' })).toHaveAttribute('aria-pressed', 'true')
  await shot('ingest-existing')
  expect(await accessibilityFaults(page)).toEqual([])

  await page.getByRole('button', { name: 'What is written' }).click()
  await expect(written(page).getByRole('region', { name: 'pipelines/shop/pipeline.yaml' })).toContainText('delimiter: ";"')
  await expect(written(page).getByRole('region', { name: 'pipelines/shop/preprocessed/orders.sql' })).toContainText('a new file')
  await existing(page).getByRole('button', { name: 'Change the source' }).click()
  await expect(written(page).getByRole('region', { name: 'pipelines/shop/pipeline.yaml' })).toContainText('drift: block')
  await shot('ingest-written')
  expect(await accessibilityFaults(page)).toEqual([])
  const file = join(workspace, 'pipelines/shop/pipeline.yaml')
  expect(await readFile(file, 'utf8')).toBe(PIPELINE)

  await page.getByRole('button', { name: 'Save only' }).click()
  await expect(page.getByText('shop.raw.orders is saved')).toBeVisible()
  const saved = await readFile(file, 'utf8')
  expect(saved).toContain('drift: block')
  expect(saved).not.toContain('windows-1252')
})

test('a member of an archive is a source with its member named', async ({ page, workspace }) => {
  await drop(page, 'delivery.zip', makeZip({ 'stock/items.csv': 'sku,price\nA1,10\nB2,20\n', 'stock/readme.pdf': '%PDF-1.4' }))
  await expect(page.getByRole('textbox', { name: 'Members of the archive' })).toHaveValue(/items\.csv/)
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview.getByRole('row', { name: /A1/ })).toBeVisible()
  await name(page, 'Data type', 'stock')
  await name(page, 'Dataset', 'items')
  await page.getByRole('button', { name: 'What is written' }).click()
  await expect(written(page).getByRole('region', { name: 'pipelines/stock/pipeline.yaml' })).toContainText('member: stock/items.csv')
  await page.getByRole('button', { name: 'Save only' }).click()
  await expect(page.getByText('stock.raw.items is saved')).toBeVisible()
  expect(await readFile(join(workspace, 'pipelines/stock/pipeline.yaml'), 'utf8')).toContain('files: inbox/stock/delivery.zip')
})

import type { Page } from '@playwright/test'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { press, tabTo } from './keyboard.ts'
import { strata } from './programs.ts'

const STOCK = (count: number, last = ''): string => `sku,kind,price\n${Array.from({ length: count }, (_, i) => `SKU${String(i).padStart(5, '0')},${i % 2 === 0 ? 'shoe' : 'hat'},${i + 1}`).join('\n')}\n${last}`

const FILES = {
  'strata.yaml': 'name: stock\n',
  'inbox/stock.csv': STOCK(40),
  'pipelines/stock/pipeline.yaml': 'sources:\n  stock: { files: inbox/stock.csv, columns: { price: INTEGER } }\n',
  'pipelines/stock/curated/items.sql': 'SELECT * EXCLUDE (_file, _record) FROM raw.stock',
}
const ITEMS = 'stock.curated.items'

test.use({ files: FILES })

const contracts = (page: Page) => page.getByRole('grid', { name: 'Contracts' })
const panel = (page: Page) => page.getByRole('region', { name: `Suggestions for ${ITEMS}` })

/** The contracts, with the one of the items chosen by keyboard. */
async function chooseItems(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '#/quality/contracts'
  })
  await tabTo(page, contracts(page))
  await page.keyboard.press('End')
  await expect(page.getByRole('region', { name: ITEMS })).toBeVisible()
}

async function run(workspace: string): Promise<void> {
  await strata('run', 'stock', '--workspace', workspace)
}

test('suggested rules are looked at before they are saved, and the next run checks them', async ({ page, shot, workspace }) => {
  test.slow()
  await run(workspace)
  await chooseItems(page)
  await press(page, page.getByRole('button', { name: 'Suggest rules' }).first())
  const rules = panel(page).getByRole('group', { name: 'Suggested rules' })
  await expect(rules.getByRole('row')).toHaveCount(1 + 7)
  await expect(rules).toContainText('All 40 values look like AAA99999')
  const file = panel(page).getByRole('group', { name: /as it would be/ })
  await expect(file).toContainText('key: sku')
  await expect(file).toContainText('- { accepted_values: [ hat, shoe ] }')

  // Left out, and made to warn: the file follows.
  await tabTo(page, rules.getByRole('checkbox', { name: /^price unique/ }))
  await page.keyboard.press('Space')
  await expect(file).not.toContainText('unique')
  await tabTo(page, rules.getByRole('combobox', { name: /^If kind accepted_values/ }), 'Shift+Tab')
  await page.keyboard.type('warns')
  await expect(file).toContainText('- { accepted_values: { values: [ hat, shoe ], severity: warn } }')
  await shot('suggestions')
  const onDisk = join(workspace, 'pipelines/stock/curated/items.yaml')
  await expect(readFile(onDisk, 'utf8')).rejects.toThrow('ENOENT')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('6 rules written into pipelines/stock/curated/items.yaml')
  expect(await readFile(onDisk, 'utf8')).toBe(`key: sku
columns:
  sku:
    rules:
      - { pattern: "[A-Z]{3}[0-9]{5}" }
  kind:
    rules:
      - not_null
      - { accepted_values: { values: [ hat, shoe ], severity: warn } }
  price:
    rules:
      - not_null
      - { range: { min: 1 } }
`)
  await expect(page.getByRole('region', { name: ITEMS })).toContainText('Its rules came later')

  // The same data keep them; other data do not.
  await run(workspace)
  await expect(contracts(page).getByRole('row', { name: /curated\.items/ })).toContainText('7 rules hold')
  await writeFile(join(workspace, 'inbox/stock.csv'), STOCK(40, 'SKU00099,sock,3\n'))
  await run(workspace)
  await expect(contracts(page).getByRole('row', { name: /curated\.items/ })).toContainText('1 of 7 warns')
  const detail = page.getByRole('region', { name: ITEMS })
  await expect(detail.getByRole('list', { name: `Versions of ${ITEMS}` }).getByRole('listitem')).toHaveText([/1 of 7 warns/, /7 rules hold/, /not checked/])
  await expect(detail.getByRole('group', { name: 'Rules on v3' }).getByRole('row', { name: /accepted_values\(kind\)/ })).toContainText('Warns')
  await shot('contract-versions')

  // From the version to the rule: its results, and the row that breaks it.
  await press(page, detail.getByRole('link', { name: 'accepted_values(kind)' }))
  await expect(page.getByRole('list', { name: 'Results of accepted_values(kind)' }).getByRole('listitem')).toHaveCount(2)
  await expect(page.getByRole('group', { name: /Rows that break accepted_values\(kind\)/ })).toContainText('SKU00099')
  await press(page, page.getByRole('list', { name: 'Results of accepted_values(kind)' }).getByRole('button').last())
  await expect(page.getByRole('heading', { name: 'The rule holds' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`contracts, suggestions and checks in ${colorScheme}, within WCAG AA`, async ({ page, shot, workspace }) => {
    await writeFile(join(workspace, 'pipelines/stock/curated/items.yaml'), 'description: What is for sale\ncolumns:\n  kind:\n    rules: [{ accepted_values: { values: [hat], severity: warn } }]\n')
    await page.emulateMedia({ colorScheme })
    await run(workspace)
    for (const [width, height] of [[1280, 800], [1920, 1080]] as const) {
      await page.setViewportSize({ width, height })
      await chooseItems(page)
      await expect(page.getByRole('group', { name: 'Rules on v1' })).toBeVisible()
      await shot(`contracts-${colorScheme}-${width}`)
      expect.soft(await accessibilityFaults(page)).toEqual([])
      await page.getByRole('button', { name: 'Suggest rules' }).click()
      await expect(panel(page).getByRole('group', { name: /as it would be/ })).toContainText('key: sku')
      await shot(`suggestions-${colorScheme}-${width}`)
      expect.soft(await accessibilityFaults(page)).toEqual([])
      await page.evaluate(() => {
        window.location.hash = '#/quality/checks'
      })
      await expect(page.getByRole('group', { name: /Rows that break/ })).toBeVisible()
      await shot(`checks-${colorScheme}-${width}`)
      expect.soft(await accessibilityFaults(page)).toEqual([])
    }
  })
}

test('a contract goes out as a document of the standard, and one comes in after a look at what it would write', async ({ page, shot, workspace }) => {
  await writeFile(join(workspace, 'pipelines/stock/curated/items.yaml'), 'key: { columns: sku, severity: quarantine }\n')
  await run(workspace)
  await chooseItems(page)
  const download = page.waitForEvent('download')
  await press(page, page.getByRole('button', { name: 'Export ODCS' }))
  const written = await readFile(await (await download).path(), 'utf8')
  expect((await download).suggestedFilename()).toBe(`${ITEMS}.odcs.yaml`)
  expect(written).toContain('apiVersion: v3.1.0')

  const taken = written.replace('    physicalType: table\n', '    physicalType: table\n    tags: [warehouse]\n').replace('      - name: price\n', '      - name: price\n        required: true\n')
  await page.getByLabel(`ODCS document for ${ITEMS}`).setInputFiles({ name: 'stock.odcs.yaml', mimeType: 'application/yaml', buffer: Buffer.from(taken) })
  const trial = page.getByRole('region', { name: `stock.odcs.yaml for ${ITEMS}` })
  await expect(trial.getByRole('group', { name: /as it would be/ })).toContainText('- not_null')
  await expect(trial).toContainText('1 part left out')
  await expect(trial.getByRole('listitem')).toHaveText('stock__curated__items.tags')
  await shot('odcs import')
  expect(await accessibilityFaults(page)).toEqual([])
  const file = join(workspace, 'pipelines/stock/curated/items.yaml')
  expect(await readFile(file, 'utf8')).not.toContain('not_null')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('stock.odcs.yaml written into')).toBeVisible()
  const after = await readFile(file, 'utf8')
  expect(after).toContain('severity: quarantine')
  expect(after).toContain('not_null')
})

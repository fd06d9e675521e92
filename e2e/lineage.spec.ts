import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

test.use({ sample: 'finished' })

const TRIALS = 'clinical_trials.curated.trials'

async function open(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to
  }, address)
  // The layout engine starts its worker the first time.
  await expect(page.locator('.ln-node').first()).toBeVisible({ timeout: 30_000 })
}

function node(page: Page, dataset: string) {
  return page.locator(`.ln-node[data-dataset="${dataset}"]`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every dataset stands in the lane of its zone, in ${colorScheme}`, async ({ page, shot }) => {
    await page.emulateMedia({ colorScheme })
    await open(page, '#/lineage')
    const lanes = await page.locator('.ln-lane').evaluateAll((all) => all.map((lane) => lane.getBoundingClientRect()).map(({ left, right }) => ({ left, right })))
    expect(lanes).toHaveLength(5)
    for (const [index, dataset] of ['drugs.raw.products', 'drugs.preprocessed.products', 'drugs.processed.product_drugs', 'drugs.curated.products'].entries()) {
      const box = await node(page, dataset).boundingBox()
      expect(box?.x, dataset).toBeGreaterThan(lanes[index]?.left ?? Number.NaN)
      expect((box?.x ?? 0) + (box?.width ?? 0), dataset).toBeLessThan(lanes[index]?.right ?? Number.NaN)
    }
    await page.getByRole('button', { name: 'Fit', exact: true }).click()
    await node(page, TRIALS).click()
    await expect(page.getByRole('complementary', { name: 'About the selected dataset' })).toContainText('trials')
    await shot(`lineage-whole-${colorScheme}`)
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`)).toEqual([])
  })
}

test('a chosen dataset lights up what it was made from, and not its siblings', async ({ page }) => {
  await open(page, `#/lineage/${TRIALS}`)
  await page.getByRole('button', { name: 'Whole graph' }).click()
  await expect(node(page, 'clinical_trials.raw.studies')).toBeAttached()
  await expect(node(page, 'clinical_trials.raw.studies')).not.toHaveClass(/flat/)
  await expect(node(page, 'drugs.raw.patents')).toHaveClass(/flat/)
  await page.getByRole('button', { name: 'Downstream' }).click()
  await expect(node(page, 'clinical_trials.raw.studies')).toHaveClass(/flat/)
  await expect(node(page, 'clinical_trials.results.trial_landscape')).not.toHaveClass(/flat/)
})

test('a chosen column shows the way of its values, what decides about its rows, and what relies on it', async ({ page, shot }) => {
  const dataset = 'prevalence.curated.disease_prevalence'
  await open(page, `#/lineage/${dataset}`)
  await node(page, dataset).getByRole('button', { name: 'Column per_100k' }).click()
  const panel = page.getByRole('complementary', { name: 'About the chosen column' })
  await expect(panel).toContainText('Changing or dropping it touches')
  await expect(node(page, 'prevalence.processed.prevalence_estimates').locator('li.on')).toHaveText(/per_100k/)
  await expect(node(page, 'prevalence.processed.case_totals')).toHaveClass(/flat/)
  await shot('lineage-column')
  await panel.getByRole('button', { name: 'Joins and filters too' }).click()
  await expect(node(page, 'prevalence.processed.case_totals')).not.toHaveClass(/flat/)
  await expect(page.locator('.ln-column-edge.indirect').first()).toBeAttached()
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`)).toEqual([])
  await panel.getByRole('button', { name: /^most_frequent/ }).click()
  await expect(panel).toContainText('prevalence.results.prevalence_by_category')
  await panel.getByRole('button', { name: 'No column' }).click()
  await expect(page.getByRole('complementary', { name: 'About the selected dataset' })).toBeVisible()
})

test('the graph is walked by keys and opens in Data', async ({ page }) => {
  await open(page, `#/lineage/${TRIALS}`)
  await node(page, TRIALS).focus()
  await page.keyboard.press('ArrowRight')
  await expect(node(page, 'clinical_trials.results.trial_landscape')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(node(page, TRIALS)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`#/data/${TRIALS}`))
})

test('a focus opens on its neighbours and brings more when asked', async ({ page, shot }) => {
  await open(page, `#/lineage/${TRIALS}`)
  const count = (): Promise<number> => page.locator('.ln-node').count()
  await page.getByRole('button', { name: 'Around focus' }).click()
  await expect(page.getByRole('button', { name: /^Show \d+ upstream of diseases$/ })).toBeVisible()
  const before = await count()
  await page.getByRole('button', { name: /^Show \d+ upstream of diseases$/ }).click()
  await expect.poll(count).toBeGreaterThan(before)
  await page.getByRole('button', { name: '16 columns of trials' }).click()
  await page.getByRole('button', { name: '16 columns of trials' }).click()
  await page.getByRole('button', { name: '10 more columns' }).click()
  await expect(node(page, TRIALS)).toContainText('drugbank_ids')
  await shot('lineage-focus')
})

test('raw datasets show the delivered files, and the table says the same in words', async ({ page, shot }) => {
  await open(page, '#/lineage/drugs.raw.products')
  const panel = page.getByRole('complementary', { name: 'About the selected dataset' })
  await expect(panel).toContainText('products.txt')
  await expect(panel).toContainText('SHA-256')
  await expect(panel.getByRole('link', { name: 'drugs #1' })).toHaveAttribute('href', '#/runs/drugs/1')
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'drugs.preprocessed.products', exact: true }) })
  await expect(row).toContainText('drugs.raw.products')
  await shot('lineage-table')
})

test('a dataset is found by its name or by a column', async ({ page }) => {
  await open(page, '#/lineage')
  await page.getByLabel('Find a dataset or column').fill('trade_name')
  await page.getByRole('option', { name: /products/ }).first().click()
  await expect(page.getByRole('complementary', { name: 'About the selected dataset' })).toContainText('products')
})

test('a value is traced from its cell to the line of its file, by keyboard', async ({ page, shot }) => {
  await page.evaluate(() => {
    window.location.hash = '#/data/drugs.curated.products?filter=product_id:eq:N001003-001'
  })
  await page.getByRole('gridcell', { name: 'Nexfleovex', exact: true }).click()
  await page.keyboard.press('t')
  await expect(page).toHaveURL(/#\/lineage\/drugs\.curated\.products\/trace\?/)
  await expect(page.getByRole('heading', { name: 'Trace of drug' })).toBeVisible()
  const stages = page.getByRole('region', { name: 'Stages' })
  await expect(stages).toContainText('Exactly this row')
  const file = stages.getByRole('group', { name: 'Lines of the file' })
  await expect(file).toContainText('DB90001,,Nexfleovex')
  await expect(stages).toContainText('drug_vocabulary.csv, line 2')
  await page.getByRole('link', { name: 'Trace the whole row' }).click()
  await expect(page.getByRole('heading', { name: 'Trace of a row' })).toBeVisible()
  await expect(stages).toContainText('patent.txt, line 4')
  await shot('trace')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`)).toEqual([])
  }
})

test('what was delivered and what was handed out are nodes, and the graph is saved as a picture', async ({ page, workspace, shot }) => {
  await strata('export', 'drugs.curated.products', '--to', join(workspace, 'products.csv'), '--workspace', workspace)
  await page.reload()
  await open(page, '#/lineage/drugs.curated.products')
  await page.getByRole('button', { name: 'Whole graph' }).click()
  const source = page.getByRole('group', { name: 'Source of drugs.raw.products: products.txt' })
  await expect(source).toBeAttached()
  await expect(page.getByRole('group', { name: 'Handed out from drugs.curated.products: products.csv' })).toBeAttached()
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await node(page, 'drugs.raw.products').click()
  await page.keyboard.press('ArrowLeft')
  await expect(source).toBeFocused()
  await expect(page.getByRole('complementary', { name: 'About the selected dataset' })).toContainText('SHA-256')
  await shot('lineage-files')
  const save = async (choice: string): Promise<Buffer> => {
    await page.keyboard.press('Control+e')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: choice }).click()])
    expect(download.suggestedFilename()).toBe(`drugs.curated.products.lineage.${choice.endsWith('PNG') ? 'png' : 'svg'}`)
    return readFile(await download.path())
  }
  const whole = (await save('All that is drawn as SVG')).toString()
  expect(whole).toContain('unmet_need')
  expect(whole).toContain('products.csv')
  expect(whole).not.toContain('var(--')
  expect(whole).not.toContain('class=')
  const seen = (await save('What is seen as SVG')).toString()
  expect(/viewBox="[^"]+"/.exec(seen)?.[0]).not.toBe(/viewBox="[^"]+"/.exec(whole)?.[0])
  const png = await save('All that is drawn as PNG')
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect(png.readUInt32BE(16)).toBeGreaterThan(1_000)
  await page.getByRole('button', { name: 'Files', exact: true }).click()
  await expect(source).not.toBeAttached()
})

test('a dataset says what a change of it would reach', async ({ page }) => {
  await open(page, '#/lineage/prevalence.curated.diseases')
  const panel = page.getByRole('complementary', { name: 'About the selected dataset' })
  await expect(panel).toContainText(/Changing or dropping it touches \d+ columns in \d+ datasets/)
  await panel.getByRole('button', { name: 'What a change would reach' }).click()
  await panel.getByRole('button', { name: /^orpha_code/ }).first().click()
  await expect(page.getByRole('complementary', { name: 'About the chosen column' })).toContainText('orpha_code')
})

const FAN = Array.from({ length: 9 }, (_, at) => `report_${at}`)
test.describe('a fan of datasets', () => {
  test.use({
    files: {
      'strata.yaml': 'name: shop\n',
      'inbox/orders/orders.csv': 'id,amount\n1,5\n2,7\n',
      'pipelines/sales/pipeline.yaml': 'sources:\n  orders: { files: inbox/orders/*.csv }\n',
      ...Object.fromEntries(FAN.map((name) => [`pipelines/sales/curated/${name}.sql`, `SELECT id, '${name}' AS what FROM raw.orders`])),
    },
  })

  test('is one stack, opens when asked, and is stacked again', async ({ page, workspace, shot }) => {
    await strata('run', 'sales', '--workspace', workspace)
    await page.reload()
    await open(page, '#/lineage')
    const stack = page.getByRole('group', { name: '9 datasets alike in curated: Succeeded' })
    await expect(stack).toBeVisible()
    await shot('lineage-stack')
    await node(page, 'sales.raw.orders').click()
    await page.keyboard.press('ArrowRight')
    await expect(stack).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(node(page, 'sales.curated.report_8')).toBeVisible()
    await page.getByRole('button', { name: 'Stack again' }).click()
    await expect(stack).toBeVisible()
    await page.getByLabel('Find a dataset or column').fill('report_4')
    await page.keyboard.press('Enter')
    await expect(node(page, 'sales.curated.report_4')).toBeVisible()
    await expect(page.getByRole('group', { name: '8 datasets alike in curated: Succeeded' })).toBeVisible()
  })
})

import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

test('the steps of a data type stand beside the text as they are written, are walked by keys, and show what would be wrong before it is saved', async ({ page, shot }) => {
  await page.evaluate(() => {
    window.location.hash = '#/pipelines?file=pipelines/drugs/curated/products.sql'
  })
  await page.getByRole('tab', { name: 'Graph' }).click()
  const graph = page.getByRole('group', { name: /^Steps of drugs/ })
  const open = graph.getByRole('button', { name: /^drugs\.curated\.products,/ })
  await expect(open).toHaveAttribute('aria-current', 'true')
  await expect(graph.getByRole('button', { name: /of another data type/ }).first()).toBeVisible()
  await shot('pipeline-graph')
  expect(await accessibilityFaults(page)).toEqual([])

  await page.getByRole('textbox', { name: /products\.sql/ }).click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('LEFT JOIN preprocessed.patents AS more USING (product_id)')
  await expect(graph.getByRole('button', { name: /^drugs\.curated\.products,.*error/ })).toHaveCount(0)
  await page.keyboard.type(' LEFT JOIN preprocessed.nowhere USING (product_id)')
  await expect(graph.getByRole('button', { name: /^drugs\.curated\.products,.*1 error/ })).toBeVisible()
  await shot('pipeline-graph-wrong')

  await open.focus()
  await page.keyboard.press('ArrowRight')
  await expect(graph.getByRole('button', { name: /^drugs\.curated\.orphan_drugs,/ })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'orphan_drugs.sql' })).toBeVisible()
})

test('a processor is completed with its context and the columns that it reads, and what cannot be read is marked', async ({ page, shot }) => {
  await page.evaluate(() => {
    window.location.hash = '#/pipelines?file=pipelines/clinical_trials/processed/disease_activity.ts'
  })
  await page.getByRole('textbox', { name: /disease_activity\.ts/ }).click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('const more = z.object({ nct')
  const offered = page.locator('.cm-tooltip-autocomplete')
  await expect(offered.getByRole('option', { name: /^nct_id/ })).toBeVisible()
  await shot('processor-completion')
  await page.keyboard.press('Escape')
  await page.keyboard.type('\nconst text = context.')
  await expect(offered.getByRole('option', { name: /^runNumber/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: /^Problems/ }).click()
  await expect(page.getByRole('list', { name: 'Problems' }).getByRole('listitem').filter({ hasText: /error/ }).first()).toContainText(/expected|Expected|Unexpected|got/i)
})

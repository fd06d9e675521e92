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

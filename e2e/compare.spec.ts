import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

test.use({ sample: 'finished' })

test('two runs marked in the list are compared: code, columns, and old beside new values', async ({ page, workspace, shot }) => {
  test.setTimeout(120_000)
  const file = join(workspace, 'pipelines/prevalence/curated/disease_prevalence.sql')
  const sql = await readFile(file, 'utf8')
  await writeFile(file, sql.replace('best.geography,\n  best.prevalence_class', "upper(best.geography) AS geography,\n  best.prevalence_class"))
  await strata('-w', workspace, 'run', 'prevalence')

  await page.goto(`${page.url().split('#')[0] ?? ''}#/runs?dataType=prevalence`)
  await page.getByLabel('Mark #1 of prevalence').check()
  await expect(page.getByRole('button', { name: 'Compare runs' })).toHaveAttribute('aria-disabled', 'true')
  await page.getByLabel('Mark #2 of prevalence').check()
  await page.getByRole('button', { name: 'Compare runs' }).click()
  await expect(page).toHaveURL(/#\/runs\/compare\?dataType=prevalence&from=1&to=2$/)

  await expect(page.getByRole('table', { name: 'The runs side by side' }).getByRole('row', { name: /^Code/ })).toContainText('1 step changed')
  await expect(page.getByRole('group', { name: /Differences in .*disease_prevalence\.sql/ })).toContainText('upper(best.geography)')
  const rows = page.getByRole('grid', { name: 'Rows changed' })
  await expect(rows.locator('del').first()).toHaveText(/Worldwide|[A-Z][a-z]+/)
  await expect(rows.locator('ins').first()).toHaveText(/^[A-Z ]+$/)
  await shot('compare-runs')
  await page.getByRole('button', { name: /0 added/ }).click()
  await expect(page.getByText('No such row')).toBeVisible()

  const counted = await strata('-w', workspace, 'diff', 'prevalence.curated.disease_prevalence', '--json')
  const changed = /"changed":(\d+)/.exec(counted)?.[1] ?? ''
  expect(Number(changed)).toBeGreaterThan(0)
  await expect(page.getByRole('button', { name: /changed$/ })).toContainText(changed)

  // Any two versions, from the list of a dataset's versions; and the difference as a file.
  await page.goto(`${page.url().split('#')[0] ?? ''}#/data/prevalence.curated.disease_prevalence`)
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByRole('button', { name: 'Compare v2 with …' }).click()
  await page.getByRole('menuitem', { name: 'with v1, run #1' }).click()
  await expect(page).toHaveURL(/diff\?from=1&to=2$/)
  await expect(page.getByRole('grid', { name: 'Rows changed' }).locator('ins').first()).toHaveText(/^[A-Z ]+$/)
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: /^All .* as CSV$/ }).click()
  await page.getByRole('button', { name: 'Open exports' }).click()
  await expect(page.getByRole('grid').getByRole('row', { name: /Succeeded.*v1 → v2/ })).toBeVisible()
  expect(await strata('-w', workspace, 'diff', 'prevalence.curated.disease_prevalence', '--to', join(workspace, 'exports', 'diff.parquet'))).toContain(`v1 → v2: ${Number(changed) * 2} lines`)
})

test('a year at a glance, failures by cause, and a text in all logs', async ({ page, shot }) => {
  await page.goto(`${page.url().split('#')[0] ?? ''}#/runs`)
  const today = page.getByRole('group', { name: 'Days' }).getByRole('button', { name: /3 runs/ })
  await expect(today).toBeVisible()
  await today.click()
  await expect(page).toHaveURL(/#\/runs\?from=\d{4}-\d{2}-\d{2}&to=/)
  await expect(page.getByRole('grid', { name: 'Runs' })).toHaveAttribute('aria-rowcount', '4')
  await shot('runs-calendar')
  await page.getByRole('tab', { name: 'Errors' }).click()
  await expect(page.getByRole('grid', { name: 'Errors by cause' })).toContainText('before it starts')
  await page.getByRole('tab', { name: 'Logs' }).click()
  await page.getByLabel('Search the logs').fill('is published')
  await expect(page.getByRole('grid', { name: 'Lines found' })).toHaveAttribute('aria-rowcount', '4')
  await page.getByRole('grid', { name: 'Lines found' }).getByRole('link', { name: 'drugs #1' }).click()
  await page.getByRole('tab', { name: 'Trend' }).click()
  await expect(page.getByRole('group', { name: 'Trends of the steps' })).toContainText('raw.designations')
})

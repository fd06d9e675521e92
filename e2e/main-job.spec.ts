import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'
import { openScreen, SAMPLE_TABLE, SCREENS } from './screens.ts'

const RUN_LIMIT_MS = 90_000

test('an analyst runs every pipeline and watches it to the end', async ({ page, shot }) => {
  test.setTimeout(RUN_LIMIT_MS + 60_000)
  await page.getByRole('button', { name: 'Run all' }).click()
  await page.getByRole('link', { name: 'Runs' }).click()
  await expect(page.getByText('prevalence').first()).toBeVisible()
  await shot('runs-under-way')
  await page.getByRole('link', { name: 'Overview' }).click()
  for (const dataset of ['drugs.curated.products', 'prevalence.curated.diseases', 'clinical_trials.results.unmet_need']) {
    await expect(page.locator(`a.ds[title="${dataset}"]`)).toHaveAttribute('href', new RegExp(`#/data/${dataset}`), { timeout: RUN_LIMIT_MS })
  }
})

test.describe('after the run', () => {
  test.use({ sample: 'finished' })

  test('the curated table is browsed: sorted by a header, with the same rows as the command line gives', async ({ page, workspace }) => {
    for (const screen of SCREENS.filter(({ name }) => name === 'data')) await openScreen(page, screen)
    const answer = await strata('query', `SELECT count(*) AS n FROM ${SAMPLE_TABLE}`, '--format', 'csv', '--workspace', workspace).catch((error: unknown) => String(error))
    // The window holds the workspace; another program may be turned away, but must say so.
    expect(answer).toMatch(/^n\r?\n\d+|open|lock|use/i)
    const header = page.getByRole('columnheader').nth(1)
    await header.click()
    await expect(page.getByRole('gridcell').first()).toBeVisible()
  })

  test('an export is made from the data screen and carries a manifest', async ({ page, workspace }) => {
    for (const screen of SCREENS.filter(({ name }) => name === 'data')) await openScreen(page, screen)
    await page.getByRole('button', { name: /Export/ }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: /Export/ }).click()
    await page.getByRole('link', { name: 'Exports' }).click()
    await expect(page.getByText(/products.*\.(csv|parquet)/).first()).toBeVisible()
    const files = await import('node:fs/promises').then(({ readdir }) => readdir(join(workspace, 'exports')))
    const manifest = files.find((name) => name.endsWith('.json'))
    expect(manifest, files.join(', ')).toBeDefined()
    expect(await readFile(join(workspace, 'exports', manifest ?? ''), 'utf8')).toContain(SAMPLE_TABLE)
  })
})

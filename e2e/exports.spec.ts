import AxeBuilder from '@axe-core/playwright'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

const FILTERED = '#/data/clinical_trials.curated.trials?sort=enrollment:desc&filter=phase:eq:PHASE2'

test('says what an export is for before there is one', async ({ page, shot }) => {
  await page.evaluate(() => {
    window.location.hash = '#/exports'
  })
  await expect(page.getByRole('heading', { name: 'Nothing has been exported yet' })).toBeVisible()
  await shot('exports-empty')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`writes the rows as they are shown and keeps their facts, in ${colorScheme}`, async ({ page, shot, workspace }) => {
    await page.emulateMedia({ colorScheme })
    await page.evaluate((to) => {
      window.location.hash = to
    }, FILTERED)
    await expect(page.locator('.grid-foot')).toContainText(/of 240 rows/)
    const count = /^(\d+)/.exec(await page.locator('.grid-foot').innerText())?.[1]
    const first = await page.locator('[row-index="0"] [col-id="nct_id"]').innerText()
    await page.keyboard.press('Control+e')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText(`${count} rows of v1, narrowed by the filter in force, sorted by enrollment`)
    await dialog.getByLabel('File').fill('phase2.csv')
    await shot(`export-dialog-${colorScheme}`)
    await dialog.getByRole('button', { name: `Export ${count} rows` }).click()
    await expect(page.getByRole('heading', { name: 'clinical_trials.curated.trials is exported' })).toBeVisible()
    await dialog.getByRole('button', { name: 'Open exports' }).click()

    const lines = (await readFile(join(workspace, 'exports', 'phase2.csv'), 'utf8')).trimEnd().split(/\r?\n/)
    expect(lines).toHaveLength(Number(count) + 1)
    expect(lines[1]).toContain(first)
    expect(await readdir(join(workspace, 'exports'))).toContain('phase2.csv.manifest.json')

    await expect(page.getByRole('grid', { name: 'Exports' })).toContainText('phase2.csv')
    const panel = page.getByRole('complementary', { name: 'About the export' })
    await expect(panel).toContainText('phase is PHASE2')
    await expect(panel).toContainText('Sorted by enrollment descending')
    await shot(`exports-${colorScheme}`)
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`)).toEqual([])
    await panel.getByRole('link', { name: 'Open these rows' }).click()
    await expect(page.locator('[row-index="0"] [col-id="nct_id"]')).toHaveText(first)
  })
}

test('writes Parquet with the shown columns only, and asks before it overwrites', async ({ page, workspace }) => {
  await page.evaluate(() => {
    window.location.hash = '#/data/drugs.curated.products'
  })
  await page.getByRole('columnheader', { name: /route/ }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Hide column' }).click()
  const dialog = page.getByRole('dialog')
  for (const outcome of ['is exported', 'is there already'] as const) {
    await page.getByRole('button', { name: 'Export' }).click()
    await dialog.getByRole('button', { name: 'Parquet' }).click()
    await expect(dialog.getByRole('button', { name: 'The 14 shown' })).toHaveAttribute('aria-pressed', 'true')
    await dialog.getByLabel('File').fill('products.parquet')
    await dialog.getByRole('button', { name: 'Export 614 rows' }).click()
    await expect(dialog).toContainText(outcome)
    if (outcome === 'is exported') await dialog.getByRole('button', { name: 'Close' }).click()
  }
  await dialog.getByRole('button', { name: 'Overwrite it' }).click()
  await expect(dialog).toContainText('is exported')
  expect((await readFile(join(workspace, 'exports', 'products.parquet'))).subarray(0, 4).toString()).toBe('PAR1')
})

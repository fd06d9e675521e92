import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

const GATE = '\ngates:\n  release: { shows: preprocessed.products, message: Do the products look right? }\n'

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`shows what is up for approval and what is different, and publishes on a yes, in ${colorScheme}`, async ({ page, shot, workspace }) => {
    // A whole run of the sample, twice looked at.
    test.slow()
    await page.emulateMedia({ colorScheme })
    const sql = join(workspace, 'pipelines/drugs/preprocessed/products.sql')
    await writeFile(sql, (await readFile(sql, 'utf8')).replace("split_part(\"DF;Route\", ';', 2) AS route", "lower(split_part(\"DF;Route\", ';', 2)) AS route"))
    await appendFile(join(workspace, 'pipelines/drugs/pipeline.yaml'), GATE)
    await page.evaluate(() => {
      window.location.hash = '#/runs/drugs/1'
    })
    await page.getByRole('button', { name: 'Run again', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'drugs #2' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Gates' })).toContainText('Do the products look right?', { timeout: 60_000 })
    await shot(`gate-run-${colorScheme}`)
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'Look and decide' }).click()

    const panel = page.getByRole('complementary', { name: 'Difference from what is published' })
    await expect(panel).toContainText('changed')
    await expect(panel.getByRole('list', { name: 'Columns that changed' })).toContainText('route')
    await expect(page.getByRole('gridcell').first()).toBeVisible()
    await shot(`approval-${colorScheme}`)
    expect(await violationsOf(page)).toEqual([])

    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Routes are lower case now')
    await shot(`approve-dialog-${colorScheme}`)
    await page.getByRole('button', { name: 'Approve and go on' }).click()
    await expect(page.getByRole('heading', { name: 'drugs #2' })).toBeVisible()
    await expect(page.locator('.run-head')).toContainText('16 of 16 done', { timeout: 60_000 })
    await expect(page.getByRole('list', { name: 'Gates' })).toContainText('Routes are lower case now')

    await page.evaluate(() => {
      window.location.hash = '#/audit?action=approve'
    })
    await expect(page.getByRole('grid', { name: 'Audit trail' })).toContainText('Routes are lower case now')
    await page.getByRole('button', { name: 'Verify trail' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'as written' })).toBeVisible()
    await shot(`audit-${colorScheme}`)
    expect(await violationsOf(page)).toEqual([])
  })
}

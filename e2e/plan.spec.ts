import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

async function openDialog(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Run', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Run a pipeline' })
  await dialog.getByLabel('Data type').selectOption('prevalence')
  return dialog
}

test('the run dialog shows what a run would do, starts just that, and shows why when the world changed', async ({ page, workspace, shot }) => {
  test.setTimeout(120_000)
  const first = await openDialog(page)
  await expect(first.getByRole('row', { name: /raw.case_reports/ })).toContainText('Was never made')
  await first.getByRole('button', { name: 'Run prevalence' }).click()
  await expect(page.getByRole('region', { name: 'Recent runs' })).toContainText('prevalence #1', { timeout: 60_000 })
  await expect(page.locator('.statusbar')).toContainText('No run in progress', { timeout: 60_000 })

  const second = await openDialog(page)
  await expect(second.getByRole('row', { name: /curated.diseases/ })).toContainText('Same code and inputs as #1')
  await expect(second).toContainText('Nothing to do: all of it is up to date.')
  await shot('plan-nothing')
  await second.getByLabel('Steps', { exact: true }).selectOption('from')
  await second.getByLabel('Step', { exact: true }).selectOption('prevalence.processed.case_totals')
  await second.getByLabel('Run also what did not change').check()
  await expect(second.getByRole('row', { name: /raw.packets/ })).toContainText('Not selected')
  await expect(second.getByRole('row', { name: /processed.case_totals/ })).toContainText('Asked for')
  await shot('plan-from')

  const step = join(workspace, 'pipelines', 'prevalence', 'processed', 'case_totals.sql')
  await writeFile(step, `${(await readFile(step, 'utf8')).trimEnd()}\nLIMIT 5\n`)
  await second.getByRole('button', { name: 'Run prevalence' }).click()
  await expect(second.getByRole('note')).toContainText('something changed')
  await shot('plan-refused')
  await page.keyboard.press('Escape')
  await expect(page.locator('.statusbar')).toContainText('No run in progress')
})

import AxeBuilder from '@axe-core/playwright'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

test('what runs by itself is announced in the overview, and is paused and resumed in the settings', async ({ page, workspace, shot }) => {
  // Open, so that a change of its files is seen.
  await expect(page.locator('.type-head', { hasText: 'drugs' })).toBeVisible()
  await appendFile(join(workspace, 'pipelines', 'drugs', 'pipeline.yaml'), "\nschedule: { cron: '0 6 * * 1', time_zone: UTC }\ntriggers: { after: prevalence }\n")
  const nextUp = page.getByRole('region', { name: 'Next up' })
  await expect(nextUp).toContainText('drugs')
  await shot('overview-next-up')
  await nextUp.getByRole('link', { name: 'drugs' }).click()
  const row = page.getByRole('row', { name: /drugs/ })
  await expect(row).toContainText('0 6 * * 1, UTC; after prevalence')
  await row.getByRole('button', { name: 'Pause' }).click()
  await expect(row).toContainText('Paused')
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)).toEqual([])
  await shot('settings-schedules')
  await row.getByRole('button', { name: 'Resume' }).click()
  await expect(row).not.toContainText('Paused')
})

test('a command works in the engine of the window: its runs are seen here, and cancelled from there', async ({ page, workspace, shot }) => {
  test.setTimeout(120_000)
  await strata('run', '--all', '--detach', '-w', workspace)
  const nextUp = page.getByRole('region', { name: 'Next up' })
  await expect(nextUp).toContainText('Run of all data types')
  await expect(nextUp).toContainText('waits for')
  await shot('overview-queue')
  await strata('cancel', '--group', '1', '-w', workspace)
  await expect(page.locator('.statusbar')).toContainText('No run in progress', { timeout: 30_000 })
  await expect(page.getByRole('region', { name: 'Recent runs' })).toContainText('Cancelled')
  await expect(nextUp).toBeHidden()
})

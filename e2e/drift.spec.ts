import type { Page } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

const ORDERS = 'id,status\n1,new\n2,paid\n'
const OTHER_ORDERS = 'id,state,place\n1,new,Bonn\n2,paid,Köln\n'

test.use({
  files: {
    'strata.yaml': 'name: shop\n',
    'inbox/a.csv': ORDERS,
    'inbox/b.csv': ORDERS,
    'inbox/c.csv': ORDERS,
    'pipelines/open/pipeline.yaml': 'sources:\n  evolving: { files: inbox/a.csv, drift: evolve }\n  warning: { files: inbox/b.csv, drift: warn }\n',
    'pipelines/strict/pipeline.yaml': 'sources:\n  blocking: { files: inbox/c.csv, drift: block }\n',
  },
})

const DRIFT = 'against v1: place (VARCHAR) is new; status seems to be called state now'

async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, address)
}

test('other columns are shown in the run and in the history, with what each policy makes of them', async ({ page, shot, workspace }) => {
  test.slow()
  await strata('run', '--all', '--workspace', workspace)
  for (const name of ['a', 'b', 'c']) await writeFile(join(workspace, `inbox/${name}.csv`), OTHER_ORDERS)
  await strata('run', 'open', '--workspace', workspace)
  await expect(strata('run', 'strict', '--workspace', workspace)).rejects.toThrow(/drift/)

  await goTo(page, '#/runs/open/2')
  const changed = page.getByRole('list', { name: 'Columns that changed' })
  await expect(changed.getByRole('listitem')).toHaveText([`Columns changed, taken onraw.evolving${DRIFT}`, `Columns changed, warnsraw.warning${DRIFT}`])
  await expect(page.locator('.run-head .status')).toHaveText('Succeeded')
  await shot('drift-run')
  await changed.getByRole('link', { name: 'raw.evolving' }).click()
  await page.getByRole('tab', { name: /History/ }).click()
  const versions = page.getByRole('list', { name: 'Versions' }).getByRole('listitem')
  await expect(versions).toHaveCount(2)
  await expect(versions.first()).toContainText('Columns: place (VARCHAR) is new; status seems to be called state now')
  await expect(versions.first()).toContainText('current')
  await shot('drift-history')

  // What blocks is not published until somebody lets it pass.
  await goTo(page, '#/runs/strict/2?tab=checks')
  await expect(changed).toContainText('Columns changed, blocks')
  await expect(page.locator('.run-head .status')).toHaveText('Failed')
  await shot('drift-blocks')
  await goTo(page, '#/quality/contracts?dataset=strict.raw.blocking')
  const contract = page.getByRole('region', { name: 'strict.raw.blocking' })
  await expect(contract.getByRole('list', { name: 'Versions of strict.raw.blocking' }).getByRole('listitem').first()).toContainText('columns changed')
  await expect(contract).toContainText('Columns changed against the version before: place (VARCHAR) is new')
  await contract.getByRole('link', { name: 'drift' }).click()
  await page.getByRole('link', { name: 'Decide in strict #2' }).click()
  await page.getByRole('button', { name: 'Override' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('The shop was told')
  await page.getByRole('button', { name: 'Override and go on' }).click()
  await expect(page.locator('.run-head .status')).toHaveText(/Succeeded|Degraded/, { timeout: 30_000 })
  await expect(changed).toContainText('Columns changed, let pass')
  await goTo(page, '#/data/strict.raw.blocking')
  await expect(page.getByRole('columnheader', { name: /place/ })).toBeVisible()
})

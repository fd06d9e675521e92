import { appendFile, chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

test.use({ sample: 'finished' })

test('a run is rolled back with a reason, and made current again', async ({ page, workspace, shot }) => {
  test.setTimeout(120_000)
  const file = join(workspace, 'pipelines/prevalence/curated/disease_prevalence.sql')
  const sql = await readFile(file, 'utf8')
  await writeFile(file, sql.replace('best.geography,\n  best.prevalence_class', "upper(best.geography) AS geography,\n  best.prevalence_class"))
  await strata('-w', workspace, 'run', 'prevalence')

  await page.goto(`${page.url().split('#')[0] ?? ''}#/runs/prevalence/2`)
  await page.getByRole('button', { name: 'Roll back' }).click()
  const dialog = page.getByRole('dialog', { name: 'Roll back prevalence #2?' })
  await expect(dialog.getByRole('row', { name: /prevalence\.curated\.disease_prevalence/ })).toContainText('v1, #1')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the names must not shout')
  await shot('roll-back')
  await dialog.getByRole('button', { name: 'Roll back: prevalence #2' }).click()
  await expect(page.getByRole('button', { name: 'Make current' })).toBeVisible()

  await page.goto(`${page.url().split('#')[0] ?? ''}#/data/prevalence.curated.disease_prevalence`)
  await page.getByRole('tab', { name: /History/ }).click()
  await expect(page.getByRole('group', { name: 'History' })).toContainText('the names must not shout')
  await page.getByRole('button', { name: 'Make v2 current again' }).click()
  await page.getByRole('textbox', { name: 'Reason' }).fill('they may after all')
  await page.getByRole('button', { name: 'Make v2 current', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Make v1 current again' })).toBeVisible()
})

test('storage: a policy, what it lets go, and a file that was changed behind the back of Strata', async ({ page, workspace, shot }) => {
  test.setTimeout(120_000)
  await appendFile(join(workspace, 'strata.yaml'), '\nretention:\n  curated: { keep_versions: 1 }\n')
  const dir = join(workspace, 'zones/curated/drugs/orphan_drugs/v1')
  const part = join(dir, (await readdir(dir)).find((name) => name.startsWith('part')) ?? '')
  await chmod(part, 0o644)
  await appendFile(part, 'x')

  await page.goto(`${page.url().split('#')[0] ?? ''}#/storage`)
  await expect(page.getByRole('region', { name: 'Retention' })).toContainText('curated keeps the last version')
  await page.getByRole('button', { name: 'Verify files' }).click()
  await expect(page.getByRole('list', { name: 'Changed files' })).toContainText('zones/curated/drugs/orphan_drugs/v1/part')
  await expect(page.getByRole('region', { name: 'Disk use' })).toContainText('raw')
  await page.getByRole('button', { name: 'Dataset' }).click()
  await expect(page.getByRole('region', { name: 'Disk use' })).toContainText('drugs.curated.products')
  await shot('storage')
  await page.goto(`${page.url().split('#')[0] ?? ''}#/overview`)
  await expect(page.getByText('1 file changed')).toBeVisible()
})

import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

const DATASET = 'club.curated.people'

test.use({
  files: {
    'strata.yaml': 'name: club\n',
    'inbox/people.csv': 'id,name,email,salary\n1,Ada,ada@example.org,3100\n2,Grace,grace@example.org,2900\n3,Alan,,3000\n',
    'pipelines/club/pipeline.yaml': 'entity: { key: id }\nsources:\n  people: { files: inbox/people.csv, columns: { salary: INTEGER } }\n',
    'pipelines/club/raw/people.yaml': 'columns: { email: { sensitive: true }, salary: { sensitive: true } }\n',
    'pipelines/club/curated/people.sql': 'SELECT id::INTEGER AS id, name, email AS contact, salary * 10 AS pay FROM raw.people',
    'pipelines/club/curated/people.yaml': 'key: id\n',
  },
})

test('masked columns are marked, revealed with a reason for a while, and hidden again', async ({ page, shot, workspace }) => {
  test.slow()
  await strata('run', 'club', '--workspace', workspace)
  await page.evaluate((dataset) => {
    window.location.hash = `#/data/${dataset}`
  }, DATASET)
  const grid = page.getByRole('group', { name: DATASET })
  const cell = (name: string) => grid.getByRole('gridcell', { name, exact: true })
  await expect(cell('••••').first()).toBeVisible()
  await expect(cell('ada@example.org')).toHaveCount(0)
  await expect(grid.getByRole('columnheader', { name: /contact.*masked/ })).toBeVisible()
  const bar = page.getByRole('note', { name: 'Masked columns' })
  await expect(bar).toContainText('contact, pay are masked')
  await shot('masked-light')

  await grid.getByRole('columnheader', { name: /contact/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Reveal masked values?' })
  await expect(dialog.getByRole('checkbox', { name: 'contact' })).toBeChecked()
  await expect(dialog.getByRole('checkbox', { name: 'pay' })).not.toBeChecked()
  await expect(dialog.getByRole('button', { name: 'Reveal' })).toBeDisabled()
  await dialog.getByLabel('Reason').fill('A letter has to go out')
  await shot('reveal-dialog')
  await page.keyboard.press('ControlOrMeta+Enter')

  await expect(cell('ada@example.org')).toBeVisible()
  await expect(cell('31000')).toHaveCount(0)
  await expect(grid.getByRole('columnheader', { name: /contact.*revealed/ })).toBeVisible()
  await expect(bar).toContainText(/contact is revealed to you, 1[45]:\d\d left/)
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText(/Values revealed, 1[45]:\d\d left/)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await accessibilityFaults(page)).toEqual([])
    await shot(`revealed-${colorScheme}`)
  }
  await grid.getByRole('columnheader', { name: /contact/ }).click()
  await expect(page).toHaveURL(/sort=/)

  await bar.getByRole('button', { name: 'Hide again' }).click()
  await expect(cell('ada@example.org')).toHaveCount(0)
  await expect(cell('••••').first()).toBeVisible()
  await expect(page).not.toHaveURL(/sort=/)
  await expect(page.getByRole('contentinfo', { name: 'Status' })).not.toContainText('revealed')

  const trail: { entries: unknown[] } = JSON.parse(await strata('audit', '--json', '--workspace', workspace))
  expect(trail.entries.slice(0, 2)).toMatchObject([{ action: 'hide' }, { action: 'reveal', details: { columns: ['contact'], reason: 'A letter has to go out' } }])
})

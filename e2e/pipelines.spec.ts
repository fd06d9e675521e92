import type { Locator, Page } from '@playwright/test'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

const FILE = 'pipelines/drugs/results/protection_calendar.sql'

function editor(page: Page): Locator {
  return page.getByRole('textbox', { name: new RegExp(`^${FILE}`) })
}

async function open(page: Page): Promise<void> {
  await page.evaluate((file) => {
    window.location.hash = `#/pipelines?file=${file}`
  }, FILE)
  await expect(editor(page)).toBeVisible()
}

/** Enter takes what is proposed once it has been seen for a moment; before, it is a line break. */
async function take(page: Page, name: RegExp): Promise<void> {
  await expect(page.getByRole('option', { name })).toHaveAttribute('aria-selected', 'true')
  await page.waitForTimeout(150)
  await page.keyboard.press('Enter')
}

async function write(page: Page, text: string): Promise<void> {
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

test('a step is edited with mistakes told as it is written, previewed and saved, by keyboard alone', async ({ page, workspace, shot }) => {
  await page.keyboard.press('Alt+8')
  await expect(page.getByRole('navigation', { name: 'Files' })).toBeVisible()
  await open(page)
  await expect(page.getByText('Nothing is wrong')).toBeVisible()
  const before = await readFile(join(workspace, FILE), 'utf8')

  await write(page, 'SELECT count(*) AS products\nFROM curated.product\n')
  const problem = page.getByRole('list', { name: 'Problems' }).getByRole('button').first()
  await expect(problem).toContainText('line 2')
  await expect(problem).toContainText('curated.products')
  await expect(page.getByText('not saved', { exact: true }).first()).toBeVisible()
  await shot('pipelines-problem')

  await write(page, `${before.trim()}\nHAVING count(*) > 20\n`)
  await expect(page.getByText('Nothing is wrong')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('columnheader', { name: /by_exclusivity/ })).toBeVisible()
  await expect(page.getByRole('gridcell').first()).toBeVisible()
  await expect(page.getByText('over the current versions, not published')).toBeVisible()
  expect(await readFile(join(workspace, FILE), 'utf8')).toBe(before)
  await shot('pipelines-preview')

  await page.keyboard.press('ControlOrMeta+s')
  await expect.poll(() => readFile(join(workspace, FILE), 'utf8')).toContain('HAVING count(*) > 20')
  await expect(page.getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await accessibilityFaults(page)).toEqual([])
  }
})

test('a change from outside is noticed, and nobody’s text is lost', async ({ page, workspace }) => {
  await open(page)
  await write(page, 'SELECT 1 AS mine\n')
  await expect(page.getByRole('button', { name: 'Discard' })).toBeVisible()
  await writeFile(join(workspace, FILE), 'SELECT 2 AS theirs\n')
  await expect(page.getByText('The file was changed outside while you edited it.')).toBeVisible({ timeout: 15_000 })
  await page.getByRole('button', { name: 'Take what is on disk' }).click()
  await expect(editor(page)).toContainText('theirs')

  await write(page, 'SELECT 3 AS again\n')
  await page.keyboard.press('ControlOrMeta+s')
  await expect.poll(() => readFile(join(workspace, FILE), 'utf8')).toBe('SELECT 3 AS again\n')
})

test('a new step begins in its place', async ({ page, workspace }) => {
  await open(page)
  await page.getByRole('button', { name: 'New file' }).click()
  await page.getByLabel('Name of the dataset').fill('by_route')
  await page.getByRole('combobox', { name: 'Data type' }).selectOption('drugs')
  await page.getByRole('button', { name: 'Make the file' }).click()
  await expect(page).toHaveURL(/by_route\.sql/)
  await expect(page.getByRole('heading', { name: 'by_route.sql' })).toBeVisible()
  expect(await readFile(join(workspace, 'pipelines/drugs/curated/by_route.sql'), 'utf8')).toContain('SELECT')
})

test('a step is tested with rows of its own, changed in tables by keyboard', async ({ page, workspace, shot }) => {
  await open(page)
  await page.getByRole('tab', { name: 'Tests' }).click()
  await expect(page.getByRole('status').filter({ hasText: '1 of 1 passed' })).toBeVisible()
  await expect(page.getByText('Passed: 2 rows, all as expected.')).toBeVisible()
  await shot('pipelines-tests')

  const cell = page.getByRole('textbox', { name: 'products, row 1 of expected' })
  await cell.fill('3')
  await cell.press('Enter')
  await expect(page.getByRole('textbox', { name: 'products, row 2 of expected' })).toBeFocused()
  await page.getByRole('button', { name: 'Save test' }).click()
  const differs = page.getByRole('table', { name: 'What differs' })
  await expect(differs.getByRole('row', { name: /expected, not given 2027 3 1 1 1/ })).toBeVisible()
  await expect(differs.getByRole('row', { name: /given, not expected 2027 2 1 1 1/ })).toBeVisible()
  await shot('pipelines-test-fails')
  const file = join(workspace, 'pipelines/drugs/tests/patents_and_exclusivities.yaml')
  expect(await readFile(file, 'utf8')).toContain('{ year: 2027, products: 3,')
  await page.getByRole('button', { name: 'Take the result' }).click()
  await page.getByRole('button', { name: 'Save test' }).click()
  await expect(page.getByText('Passed: 2 rows, all as expected.')).toBeVisible()

  await page.getByRole('button', { name: 'New', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name of the test' }).fill('first_rows')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Test first_rows' })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: '2 of 2 passed' })).toBeVisible()
  await write(page, 'SELECT 1 AS year FROM curated.products')
  await expect(page.getByRole('status').filter({ hasText: '0 of 2 passed' })).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await accessibilityFaults(page)).toEqual([])
  }
})

test('text is put into its form, YAML is completed by its schema, the plan stands beside it', async ({ page, shot }) => {
  await open(page)
  await write(page, 'select year(protected_until) as year, count(*) as products from curated.products group by all')
  await page.keyboard.press('Shift+Alt+f')
  await expect(editor(page)).toContainText('count(*) as products')
  await expect(page.locator('.cm-line')).not.toHaveCount(1)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.locator('.cm-line')).toHaveCount(1)
  await page.getByRole('button', { name: 'Discard' }).click()

  await page.getByRole('tab', { name: 'Plan' }).click()
  await expect(page.getByRole('group', { name: 'The plan, step by step' }).getByRole('row', { name: /protection_calendar/ })).toBeVisible()
  await shot('pipelines-plan')

  const contract = FILE.replace('.sql', '.yaml')
  await page.evaluate((file) => {
    window.location.hash = `#/pipelines?file=${file}`
  }, contract)
  const yaml = page.getByRole('textbox', { name: new RegExp(`^${contract}`) })
  await yaml.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('columns:\n  ')
  await page.keyboard.type('by_e')
  await take(page, /by_exclusivity/)
  await page.keyboard.insertText('\n    rules:\n      - ')
  await page.keyboard.type('ran')
  await expect(page.getByRole('option', { name: /^range/ })).toBeVisible()
  await shot('pipelines-yaml')
  await take(page, /^range/)
  await expect(yaml).toContainText('- range')
})

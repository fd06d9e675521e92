import type { Locator, Page } from '@playwright/test'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'

test.use({ sample: 'finished' })

const COUNT = 'SELECT phase, count(*) AS n FROM clinical_trials.curated.trials GROUP BY ALL ORDER BY n DESC, phase'

function editor(page: Page): Locator {
  return page.getByRole('textbox', { name: /^SQL\./ })
}

/** Replaces what is written; without the editor's help, which would add brackets and names of its own. */
async function write(page: Page, sql: string): Promise<void> {
  await editor(page).focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(sql)
}

async function open(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '#/sql'
  })
  await expect(editor(page)).toBeVisible()
}

function cell(page: Page, row: number, column: string): Locator {
  return page.locator(`[row-index="${row}"] [col-id="${column}"]`)
}

test('SQL is written with completion, run, explained and kept by keyboard alone', async ({ page, workspace }) => {
  await page.keyboard.press('Alt+5')
  await expect(editor(page)).toBeFocused()
  await page.keyboard.type('SELECT * FROM tri')
  const proposals = page.getByRole('listbox')
  await expect(proposals.getByRole('option').first()).toContainText('trials')
  await page.keyboard.press('Escape')
  await page.keyboard.type('als_x')
  await write(page, 'SELECT t.')
  await page.keyboard.insertText(' FROM clinical_trials.curated.trials AS t LIMIT 3')
  await page.keyboard.press('Home')
  for (let i = 0; i < 'SELECT t.'.length; i++) await page.keyboard.press('ArrowRight')
  await page.keyboard.type('nct')
  await expect(proposals.getByRole('option', { selected: true })).toContainText('nct_id')
  // Enter that comes together with the list is a line break.
  await page.waitForTimeout(200)
  await page.keyboard.press('Enter')
  await expect(editor(page)).toContainText('SELECT t.nct_id FROM')

  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(cell(page, 2, 'nct_id')).not.toBeEmpty()
  await expect(page.locator('.grid-foot')).toContainText('3 rows')
  await page.keyboard.press('ControlOrMeta+Shift+Enter')
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('PARQUET')

  await page.keyboard.press('ControlOrMeta+s')
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
  await page.keyboard.type('First trials')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'First trials' })).toBeVisible()
  expect(await readFile(join(workspace, 'queries/First trials.sql'), 'utf8')).toContain('SELECT t.nct_id FROM clinical_trials.curated.trials')

  // Out of the editor and over what is around it.
  await editor(page).focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(editor(page)).not.toBeFocused()
  await page.getByRole('tab', { name: 'Names' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('list', { name: 'Named queries' })).toContainText('First trials')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('list', { name: 'History' })).toContainText('3 rows')
})

test('mistakes are marked where they are, before and after running', async ({ page }) => {
  await open(page)
  await write(page, `${COUNT};\nSELECT phasse FROM clinical_trials.curated.trials`)
  await expect(page.locator('.cm-lintRange-error')).toHaveText('phasse')
  await expect(page.getByText('1 problem')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('tab', { name: /^Result 1/ })).toContainText('6')
  await expect(page.getByRole('alert')).toContainText('(line 2, column 8)')
  await page.getByRole('button', { name: 'Go to the place' }).click()
  await expect(page.locator('.sql-reads')).toContainText('Ln 2, Col 8')
  await page.keyboard.press('Delete')
  await expect(page.locator('.cm-lintRange-error')).toHaveText('hasse')

  await write(page, "SELECT * FROM read_csv('/etc/passwd')")
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('alert')).toContainText('read_csv() is refused')
  await write(page, COUNT)
  await expect(page.locator('.cm-lintRange-error')).toHaveCount(0)
})

test('a result is sorted, filtered and copied like a dataset, and is still there after looking elsewhere', async ({ page, shot }) => {
  await open(page)
  await write(page, 'SELECT nct_id, phase, enrollment FROM clinical_trials.curated.trials')
  await page.keyboard.press('ControlOrMeta+Enter')
  const foot = page.locator('.grid-foot')
  await expect(foot).toContainText('240 rows')
  await page.locator('.ag-header-cell[col-id="enrollment"] .grid-header-name').click()
  await expect(page.getByRole('columnheader', { name: /enrollment/ })).toHaveAttribute('aria-sort', 'ascending')
  await cell(page, 0, 'phase').click()
  await page.keyboard.press('f')
  await expect(foot).toContainText(/^\d+ of 240 rows/)
  await shot('sql-filtered')
  await page.evaluate(() => {
    window.location.hash = '#/overview'
  })
  await page.getByRole('link', { name: 'SQL', exact: true }).click()
  await expect(foot).toContainText('240 rows')
  await expect(cell(page, 0, 'nct_id')).not.toBeEmpty()
  await page.reload()
  await expect(editor(page)).toContainText('SELECT nct_id, phase, enrollment')
})

test('a query that never ends is stopped, and the next one is answered', async ({ page }) => {
  await open(page)
  await write(page, 'SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('status').filter({ hasText: 'Running' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+.')
  await expect(page.getByRole('heading', { name: 'Stopped' })).toBeVisible()
  await write(page, 'FROM range(250000)')
  await page.getByLabel('Rows at most').selectOption('100000')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.locator('.grid-foot')).toContainText('There are more: it stops at 100,000')
  await page.getByRole('button', { name: 'Get all rows' }).click()
  await expect(page.locator('.grid-foot')).toContainText('250,000 rows')
})

test('datasets are read at the versions that are chosen', async ({ page, workspace }) => {
  // A whole run of the sample.
  test.slow()
  await open(page)
  await write(page, 'SELECT count(*) AS n FROM drugs.results.protection_calendar')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(cell(page, 0, 'n')).not.toBeEmpty()
  const before = Number(await cell(page, 0, 'n').innerText())
  expect(before).toBeGreaterThan(3)
  await appendFile(join(workspace, 'pipelines/drugs/results/protection_calendar.sql'), '\nLIMIT 3\n')
  await page.evaluate(() => {
    window.location.hash = '#/runs/drugs/1'
  })
  await page.getByRole('button', { name: 'Run again', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'drugs #2' })).toBeVisible()
  await expect(page.locator('.run-head')).toContainText('16 of 16 done', { timeout: 60_000 })
  await open(page)
  const expectCount = async (count: number): Promise<void> => {
    await editor(page).focus()
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(cell(page, 0, 'n')).toHaveText(String(count))
  }
  await expectCount(3)
  await page.getByRole('button', { name: /^drugs\.results\.protection_calendar at version 2/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: /^v1/ }).click()
  await expect(page.getByRole('button', { name: /at version 1, pinned/ })).toBeVisible()
  await expectCount(before)
  await page.getByRole('button', { name: /pinned/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: /^not pinned/ }).click()
  await expectCount(3)
  await page.getByRole('button', { name: 'as of now' }).click()
  await page.getByLabel('Data type of the run').selectOption('drugs')
  await page.getByLabel('Run number').fill('1')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expectCount(before)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`SQL becomes a step that a run can run, in ${colorScheme}`, async ({ page, shot, workspace }) => {
    await page.emulateMedia({ colorScheme })
    await open(page)
    expect(await accessibilityFaults(page)).toEqual([])
    await shot(`sql-empty-${colorScheme}`)
    await write(page, `-- Trials by phase.\n${COUNT}`)
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(cell(page, 0, 'phase')).not.toBeEmpty()
    await shot(`sql-result-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Make a step' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Dataset', { exact: true }).fill('trials_by_phase')
    await expect(dialog.getByRole('region', { name: 'Files that are written' })).toContainText('pipelines/clinical_trials/results/trials_by_phase.yaml')
    await shot(`sql-step-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Write the step' }).click()
    await expect(page.getByText('clinical_trials.results.trials_by_phase is a step now')).toBeVisible()
    expect(await readFile(join(workspace, 'pipelines/clinical_trials/results/trials_by_phase.sql'), 'utf8')).toBe(`-- Trials by phase.\n${COUNT}\n`)
    await page.getByRole('button', { name: 'Explain' }).click()
    await expect(page.getByRole('region', { name: 'Plan' })).toBeVisible()
    await page.getByRole('button', { name: 'Run it and measure' }).click()
    await expect(page.locator('.grid-foot')).toContainText('Ran in')
    await shot(`sql-plan-${colorScheme}`)
    expect(await accessibilityFaults(page)).toEqual([])
  })
}

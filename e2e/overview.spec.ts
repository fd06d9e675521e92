import AxeBuilder from '@axe-core/playwright'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(WCAG).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)
}

test.describe('the overview of a workspace in which nothing has run', () => {
  test('Run on a data type runs it: the card lives, the state is followed through a reload, and the end is told', async ({ page, shot }) => {
    test.setTimeout(120_000)
    const raw = page.locator('a.ds[title="prevalence.raw.case_reports"]')
    await expect(raw).toContainText('Not made yet')
    await page.locator('.type-head', { hasText: 'prevalence' }).getByRole('button', { name: 'Run' }).click()
    await page.getByRole('dialog', { name: 'Run a pipeline' }).getByRole('button', { name: 'Run prevalence' }).click()
    await expect(page.locator('.statusbar')).toContainText('prevalence #1')
    await shot('overview-live')
    await page.reload()
    await expect(page.locator('.type-head', { hasText: 'prevalence' })).toContainText('#1')
    await expect(raw).toContainText('1,197', { timeout: 60_000 })
    await expect(page.locator('.statusbar')).toContainText('No run in progress', { timeout: 60_000 })
    await expect(page.getByRole('region', { name: 'Recent runs' })).toContainText('prevalence #1')
    await expect(page.getByRole('complementary', { name: 'Needs you' })).toContainText('3 records of prevalence.raw.case_reports')
  })

  test('the run dialog takes a data type and a few entities, and Escape leaves everything as it was', async ({ page, shot }) => {
    await page.getByRole('button', { name: 'Run', exact: true }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Run a pipeline' })
    await dialog.getByLabel('Data type').selectOption('clinical_trials')
    await dialog.getByLabel(/Only these entities/).fill('900143\n900106, 900108\n900108')
    await expect(dialog.getByRole('button', { name: 'Run clinical_trials for 3 entities' })).toBeVisible()
    expect(await accessibilityFaults(page)).toEqual([])
    await shot('run-dialog')
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(page.locator('.statusbar')).toContainText('No run in progress')
  })

  test('a mistake in a file is shown with its place, and goes when it is mended', async ({ page, workspace, shot }) => {
    const file = join(workspace, 'pipelines', 'drugs', 'curated', 'products.sql')
    const right = await readFile(file, 'utf8')
    await writeFile(file, right.replace(/preprocessed\.products/, 'preprocessed.product'))
    await page.getByRole('button', { name: 'Check files' }).click()
    const findings = page.getByRole('region', { name: 'Findings in the workspace' })
    await expect(findings).toContainText(/pipelines\/drugs\/curated\/products\.sql, line \d+/)
    await expect(findings).toContainText('preprocessed.products')
    await shot('overview-finding')
    await writeFile(file, right)
    await page.getByRole('button', { name: 'Check files' }).click()
    await expect(findings).toBeHidden()
  })
})

test.describe('the window by keyboard', () => {
  test('Alt and a digit choose a screen, Ctrl K finds, F6 walks over the regions', async ({ page, shot }) => {
    await page.keyboard.press('Alt+2')
    await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Search or run a command' })
    await page.keyboard.type('curated products')
    await expect(palette.getByRole('option').first()).toContainText('drugs.curated.products')
    expect(await accessibilityFaults(page)).toEqual([])
    await shot('palette')
    await page.keyboard.press('Escape')
    await expect(palette).toBeHidden()
    await page.keyboard.press('F6')
    const first = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await page.keyboard.press('F6')
    const second = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(first).not.toBeNull()
    expect(second).not.toBe(first)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('settings')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  })

  test('the theme is chosen in the status bar and kept', async ({ page }) => {
    const root = page.locator('html')
    await page.getByRole('button', { name: /^Theme: system/ }).click()
    await expect(root).toHaveAttribute('data-theme', 'light')
    await page.getByRole('button', { name: /^Theme: light/ }).click()
    await expect(root).toHaveAttribute('data-theme', 'dark')
    await page.reload()
    await expect(root).toHaveAttribute('data-theme', 'dark')
  })
})

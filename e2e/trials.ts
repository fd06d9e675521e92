import { expect, type Locator, type Page } from '@playwright/test'

/** The trials of the sample in the Data screen, once their first row is there. */
export async function openTrials(page: Page, search = ''): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to
  }, `#/data/clinical_trials.curated.trials${search}`)
  await expect(page.locator('[row-index="0"] [col-id]').nth(1)).not.toBeEmpty()
}

export function cell(page: Page, row: number, column: string): Locator {
  return page.locator(`[row-index="${row}"] [col-id="${column}"]`)
}

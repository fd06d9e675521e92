import type { Locator, Page } from '@playwright/test'

/** As many as a person would press at most, to get to something. */
const MOST_PRESSES = 80

/** Moves the focus with Tab until it is there. */
export async function tabTo(page: Page, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await wanted.waitFor()
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${String(wanted)} has no focus after ${MOST_PRESSES} times ${key}`)
}

/** Presses a link or a button that was reached with Tab. */
export async function press(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted)
  await page.keyboard.press('Enter')
}

import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures.ts'
import { openScreen, SCREENS } from './screens.ts'

test.describe('a workspace in which nothing has run', () => {
  test('opens on the overview and says what to press', async ({ page, shot }) => {
    await expect(page).toHaveTitle(/Strata/)
    await expect(page.getByRole('link', { name: 'Overview' })).toHaveAttribute('aria-current', 'page')
    await expect(page.getByRole('button', { name: 'Run all' })).toBeEnabled()
    await shot('overview-fresh')
  })

  test('loads nothing from elsewhere', async ({ page }) => {
    const foreign: string[] = []
    const own = new URL(page.url()).origin
    page.on('request', (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(own)) foreign.push(request.url())
    })
    await page.reload()
    await expect(page.getByRole('link', { name: 'Overview' })).toBeVisible()
    expect(foreign).toEqual([])
  })
})

test.describe('a workspace in which every pipeline has run', () => {
  test.use({ sample: 'finished' })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`shows every screen in ${colorScheme}`, async ({ page, shot }) => {
      await page.emulateMedia({ colorScheme })
      for (const screen of SCREENS) {
        await openScreen(page, screen)
        await shot(`${screen.name}-${colorScheme}`)
      }
    })
  }

  for (const screen of SCREENS) {
    test(`${screen.name} meets WCAG AA`, async ({ page }) => {
      await openScreen(page, screen)
      // Legacy mode stays in this page: an app window cannot open another one for the scanner.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
      expect(violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(' | ')})`)).toEqual([])
    })
  }
})

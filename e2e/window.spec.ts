import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { openScreen, SCREENS } from './screens.ts'

test.describe('a workspace in which nothing has run', () => {
  test('opens on the overview, says what to press, and loads nothing from elsewhere', async ({ page, shot }) => {
    const foreign: string[] = []
    const own = new URL(page.url()).origin
    page.on('request', (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(own)) foreign.push(request.url())
    })
    await page.reload()
    await expect(page).toHaveTitle(/Strata/)
    await expect(page.getByRole('link', { name: 'Overview' })).toHaveAttribute('aria-current', 'page')
    await expect(page.getByRole('button', { name: 'Run all' })).toBeEnabled()
    expect(foreign).toEqual([])
    await shot('overview-fresh')
  })
})

test.describe('a workspace in which every pipeline has run', () => {
  test.use({ sample: 'finished' })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`shows every screen in ${colorScheme}, each within WCAG AA`, async ({ page, shot }) => {
      test.setTimeout(300_000)
      await page.emulateMedia({ colorScheme })
      for (const screen of Object.values(SCREENS)) {
        await test.step(screen.name, async () => {
          await openScreen(page, screen)
          await shot(`${screen.name}-${colorScheme}`)
          expect.soft(await accessibilityFaults(page), screen.name).toEqual([])
        })
      }
    })
  }
})

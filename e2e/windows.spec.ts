import { expect, test } from './fixtures.ts'

test.skip(({ host }) => host !== 'browser', 'The desktop opens windows: electron-shell.spec.ts')

test('a view, a link and a match of the palette open in a tab of their own, which talks to the same engine', async ({ page }) => {
  const context = page.context()
  await page.keyboard.press('Alt+2')
  await expect(page).toHaveURL(/#\/runs$/)
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Quality' }).click({ modifiers: ['ControlOrMeta'] }),
  ])
  await expect(tab.getByText('Engine ready')).toBeVisible()
  await expect(tab).toHaveURL(/#\/quality/)
  await expect(page).toHaveURL(/#\/runs$/)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('>open this view')
  const [same] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')])
  await expect(same).toHaveURL(/#\/runs$/)

  await page.keyboard.press('Control+k')
  await page.keyboard.type('storage')
  const [other] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Control+Enter')])
  await expect(other).toHaveURL(/#\/storage/)

  await same.keyboard.press('Control+k')
  await same.keyboard.type('>theme dark')
  await same.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

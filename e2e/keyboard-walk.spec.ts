import { expect, test } from './fixtures.ts'
import { press, tabTo } from './keyboard.ts'

test.use({ sample: 'finished' })

test('every screen is reached and worked with the keyboard alone', async ({ page }) => {
  test.setTimeout(180_000)
  const heading = page.getByRole('heading', { level: 1 })
  const dialog = page.getByRole('dialog')

  await page.keyboard.press('Alt+1')
  await expect(heading).toHaveText('Overview')
  await expect(page.locator('a.ds').first()).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByRole('button', { name: /^Run/ }).last()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await page.keyboard.press('Alt+2')
  await expect(heading).toHaveText('Runs')
  const runs = page.getByRole('grid').first()
  await expect(runs.getByRole('row').nth(1)).toBeVisible()
  await tabTo(page, runs)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/runs\/[a-z_]+\/1/)

  await page.keyboard.press('Alt+4')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('drugs.curated.products')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/data\/drugs\.curated\.products/)
  await tabTo(page, page.getByRole('gridcell').first())
  await page.keyboard.press('f')
  await expect(page).toHaveURL(/filter=/)
  await page.keyboard.press('Control+e')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Alt+3')
  await expect(page.locator('.react-flow__node').first()).toBeVisible()

  await page.keyboard.press('Alt+5')
  const editor = page.getByRole('textbox', { name: /^SQL\./ })
  await tabTo(page, editor)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('SELECT 41 + 1 AS answer')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('gridcell', { name: '42', exact: true })).toBeVisible()
  // Out of the editor: Escape, then Tab is Tab again.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(editor).not.toBeFocused()

  await page.keyboard.press('Alt+6')
  await expect(page).toHaveURL(/#\/quality/)
  await page.keyboard.press('Alt+7')
  await expect(heading).toHaveText('Exports')
  await page.keyboard.press('Alt+8')
  await expect(page).toHaveURL(/#\/pipelines/)
  await page.keyboard.press('Alt+9')
  await expect(heading).toHaveText('Settings')
  await press(page, page.getByRole('button', { name: 'Dark' }))
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await press(page, page.getByRole('button', { name: 'Comfortable' }))
  await expect(page.locator('html')).toHaveAttribute('data-density', 'comfortable')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(page).toHaveURL(/#\/pipelines/)
})

test('nothing moves for those who asked for less motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const durations = await page.evaluate(() => {
    const style = getComputedStyle(document.documentElement)
    return ['--t-fast', '--t-base', '--t-slow'].map((name) => Number.parseFloat(style.getPropertyValue(name)))
  })
  expect(durations).toEqual([0, 0, 0])
  for (const key of ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4', 'Alt+9', 'Control+k']) {
    await page.keyboard.press(key)
    expect(await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)).toBe(0)
  }
})

import { accessibilityFaults } from './accessibility.ts'
import { expect, test } from './fixtures.ts'
import { press } from './keyboard.ts'

test.skip(({ host }) => host !== 'browser', 'The desktop knows by its list of workspaces')

test.describe('somebody who is new', () => {
  test.use({ isNew: true, sample: 'finished' })

  test('is told what this is and how to begin, once, and finds it again; the first steps go away when they are done or put away', async ({ page, shot }) => {
    await expect(page).toHaveURL(/#\/welcome$/)
    await expect(page.getByRole('region', { name: 'Welcome' })).toContainText('keeps every version of every table')
    await shot('welcome')
    expect(await accessibilityFaults(page)).toEqual([])
    await press(page, page.getByRole('link', { name: 'Go to the overview' }))
    const steps = page.getByRole('region', { name: 'First steps' })
    await expect(steps.getByRole('listitem').filter({ hasText: 'Done: Let a pipeline go through once' })).toBeVisible()
    await shot('first-steps')
    expect(await accessibilityFaults(page)).toEqual([])
    await press(page, steps.getByRole('link', { name: 'See what the rules found' }))
    await expect(page).toHaveURL(/#\/quality/)
    await page.keyboard.press('Alt+1')
    await expect(steps.getByRole('listitem').filter({ hasText: 'Done: See what the rules found' })).toBeVisible()
    await press(page, steps.getByRole('button', { name: 'Put the first steps away' }))
    await expect(steps).toHaveCount(0)

    await page.goto(page.url().replace(/#.*$/, ''))
    await page.reload()
    await expect(page).toHaveURL(/#\/overview$/)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('welcome')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/#\/welcome$/)
  })
})

import { expect, test } from './fixtures.ts'

test('the window opens on the workspace and names it', async ({ page }) => {
  await expect(page).toHaveTitle(/Strata/)
  await expect(page.getByRole('navigation').first()).toBeVisible()
})

test('nothing is loaded from elsewhere', async ({ page }) => {
  const foreign: string[] = []
  const own = new URL(page.url()).origin
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(own)) foreign.push(request.url())
  })
  await page.reload()
  await expect(page.getByRole('navigation').first()).toBeVisible()
  expect(foreign).toEqual([])
})

import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

// A table that is too large to be read anew for every page.

const ROWS = 1_500_000
const DATASET = 'shop.curated.orders'
const SLOW = '(a.*b.*c.*d.*e.*f.*){2}zz'

test.use({
  files: {
    'strata.yaml': 'name: shop\nlabel: Shop\n',
    'pipelines/shop/pipeline.yaml': 'label: Shop\nentity: { key: customer }\n',
    'pipelines/shop/curated/orders.sql': `SELECT i AS id, 'C' || (hash(i) % 50000) AS customer, (hash(i + 1) % 1000)::INTEGER AS amount, 'lot ' || md5(i::VARCHAR) AS remark, ${Array.from({ length: 8 }, (_, at) => `i + ${at} AS number_${at}`).join(', ')} FROM range(${ROWS}) AS r(i)\n`,
  },
})

test.beforeEach(async ({ workspace }) => {
  await strata('run', 'shop', '--workspace', workspace)
})

async function open(page: Page, query: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to
  }, `#/data/${DATASET}${query}`)
}

test('is copied while somebody looks at it in another order, and says how far it is', async ({ page, shot }) => {
  const foot = page.locator('.grid-foot')
  await open(page, '')
  await expect(foot).toContainText('1,500,000 rows')
  await expect(foot).not.toContainText('quick look-ups')
  await open(page, '?sort=amount:desc')
  await expect(page.locator('[row-index="0"] [col-id="amount"]')).toHaveText('999')
  await expect(foot).toContainText(/Copying rows for quick look-ups|Waiting to copy/)
  await shot('data-copying')
  await expect(foot).not.toContainText('quick look-ups', { timeout: 60_000 })
  await page.locator('[row-index="0"] [col-id="amount"]').click()
  await page.keyboard.press('Control+End')
  await expect(page.locator(`[row-index="${ROWS - 1}"] [col-id="amount"]`)).toHaveText('0')
  await open(page, '')
  await page.evaluate(() => {
    window.location.hash = '#/settings'
  })
  await expect(page.getByRole('table', { name: 'Caches' }).getByRole('row', { name: /Copies on disk/ })).toContainText(/MB of 10\.7 GB/)
})

test('shows its last column whole at the end of the line', async ({ page }) => {
  await open(page, '')
  const last = page.locator('[row-index="2"] [col-id="number_7"]')
  await page.locator('[row-index="2"] [col-id="id"]').click()
  await page.keyboard.press('End')
  await expect(last).toBeInViewport({ ratio: 1 })
  // Bars that take room lie beside the rows; those that do not lie over them, and may not hide them.
  const strip = page.locator('.ag-body-vertical-scroll-viewport')
  const { right } = await last.evaluate((cell) => ({ right: cell.getBoundingClientRect().right }))
  const bar = await strip.evaluate((element) => ({ left: element.getBoundingClientRect().left, paint: getComputedStyle(element).backgroundColor }))
  expect(right <= bar.left + 1 || bar.paint === 'rgba(0, 0, 0, 0)', JSON.stringify({ right, bar })).toBe(true)
})

test('counts no further for a filter that was replaced', async ({ page, host }) => {
  test.skip(host === 'electron', 'what goes over the port of the desktop program is not to be seen from here')
  const sent: string[] = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => void sent.push(payload.toString())))
  await page.reload()
  await open(page, `?filter=remark:matches:${encodeURIComponent(SLOW)}`)
  const counted = (): string | undefined => sent.find((frame) => frame.includes('datasets/count') && frame.includes('{2}zz'))
  await expect.poll(counted, { timeout: 30_000, intervals: [5] }).toBeDefined()
  await open(page, '?filter=amount:lt:5')
  const id = /"i":"?(\w+)/.exec(counted() ?? '')?.[1] ?? 'none'
  await expect.poll(() => sent.filter((frame) => frame.includes(`"i":"${id}"`) || frame.includes(`"i":${id}`)).length).toBe(2)
  await expect(page.locator('.grid-foot')).toContainText(/of 1,500,000 rows/)
})

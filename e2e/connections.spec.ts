import AxeBuilder from '@axe-core/playwright'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { strata } from './programs.ts'

const TOKEN = 'tok-9f2c-for-orders'

test('a source that is asked over HTTP: its secret is set in the settings, its cursor is seen and moved there', async ({ page, workspace, shot }) => {
  const asked: { since: string | null; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    asked.push({ since: new URL(request.url ?? '', 'http://localhost').searchParams.get('since'), authorization: request.headers.authorization })
    response.end(JSON.stringify([{ id: 1, changed: '2026-01-02' }]))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    await expect(page.locator('.type-head', { hasText: 'drugs' })).toBeVisible()
    const source = `\n  orders:\n    http: { url: 'http://127.0.0.1:${port}/orders', query: { since: '{cursor}' }, auth: { bearer: 'secret:orders_token' } }\n    format: json\n    incremental: { column: changed, initial: '2026-01-01' }\n`
    await appendFile(join(workspace, 'pipelines', 'clinical_trials', 'pipeline.yaml'), source)
    await page.getByRole('link', { name: /Settings/ }).click()
    const row = page.getByRole('row', { name: /orders_token/ })
    await expect(row).toContainText('Not set')
    await expect(row).toContainText('clinical_trials.raw.orders')
    await shot('settings-secrets')
    await row.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByRole('textbox', { name: 'Value' }).fill(TOKEN)
    await shot('settings-secret-dialog')
    await page.getByRole('button', { name: 'Set value' }).click()
    await expect(row).toContainText('in your own file')
    await expect(page.locator('body')).not.toContainText(TOKEN)

    await strata('run', 'clinical_trials', '--step', 'raw.orders', '-w', workspace)
    expect(asked).toEqual([{ since: '2026-01-01', authorization: `Bearer ${TOKEN}` }])
    await page.reload()
    const cursor = page.getByRole('row', { name: /clinical_trials\.raw\.orders .*changed/ })
    await expect(cursor).toContainText('2026-01-02')
    await cursor.getByRole('button', { name: 'Move' }).click()
    await page.getByLabel(/asks for changed beyond/).fill('2025-12-31')
    await page.getByLabel('Reason').fill('December came again')
    await shot('settings-cursor-dialog')
    await page.getByRole('button', { name: 'Move cursor' }).click()
    await expect(cursor).toContainText('2025-12-31')
    await expect(cursor).toContainText('December came again')
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)).toEqual([])
    await shot('settings-connections')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 1280, height: 800 })
    await shot('settings-connections-dark')
    await row.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove orders_token' }).click()
    await expect(row).toContainText('Not set')
  } finally {
    server.close()
  }
})

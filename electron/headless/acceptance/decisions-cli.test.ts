import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

// The built program: how decisions are made from a terminal or a script, and with which exit codes.

const CLI = fileURLToPath(new URL('../../../dist/headless/cli.js', import.meta.url))
const FILES = {
  'strata.yaml': 'name: shop\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\n2,20\n',
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/*.csv, format: csv }\ngates:\n  release: { shows: curated.orders, message: Look at the amounts }\n',
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
  'pipelines/shop/curated/orders.yaml': 'key: [order_id]\nrows: { min: 3 }\n',
}

let shop: string
beforeAll(async () => {
  shop = await mkdtemp(join(tmpdir(), 'strata-decisions-'))
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(shop, name)), { recursive: true })
    await writeFile(join(shop, name), text)
  }
})
afterAll(() => rm(shop, { recursive: true, force: true }))

function strata(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd: shop, env: { ...process.env, NO_COLOR: '1' } }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }))
  })
}

const auditSchema = z.object({ entries: z.array(z.object({ action: z.string(), actor: z.object({ via: z.string() }) })) })

it('overrides a check, approves at a gate, and leaves all of it in the audit trail', async () => {
  expect((await strata('run', 'shop')).code).toBe(4)
  const overridden = await strata('override', 'shop#1', 'shop.curated.orders', 'row_count', '--reason', 'A short month')
  expect([overridden.code, overridden.out]).toEqual([5, expect.stringContaining('strata approve shop#1')])
  expect((await strata('runs')).out).toContain('◆ waiting')
  expect((await strata('show', 'shop#1')).out).toContain('! overridden')
  expect((await strata('reject', 'shop#1')).code).toBe(2)
  expect((await strata('approve', 'shop#1', '--gate', 'other')).err).toContain('It waits at release')
  const approved = await strata('approve', 'shop#1', '--reason', 'Looked at')
  expect([approved.code, approved.out]).toEqual([0, expect.stringContaining('1 check overridden')])

  expect((await strata('audit')).out).toMatch(/approve .*shop #1 .*Looked at/)
  const { entries } = auditSchema.parse(JSON.parse((await strata('audit', '--json')).out))
  expect(entries.map(({ action }) => action)).toEqual(['publish', 'approve', 'override', 'run', 'init'])
  expect(entries[1]?.actor.via).toBe('cli')
  expect((await strata('audit', '--action', 'approve', '--from', '2020-01-01', '--json')).out).toContain('"total":1')
  expect((await strata('audit', '--verify')).code).toBe(0)
  expect((await strata('audit', 'export', '--format', 'csv', '--action', 'override')).out).toMatch(/^1 entries {2}exports\/audit\..*csv {2}sha256 [0-9a-f]{64}/)
}, 120_000)

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runPlanSchema } from '../../../shared/contract/plan.contract.ts'

/** `strata plan`, and `run` with what it takes of it, as a person types them. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-plan-cli-'))
  await cp(join(ROOT, 'resources', 'sample', 'rare-disease'), dir, { recursive: true })
})

afterAll(() => rm(dir, { recursive: true, force: true }))

function strata(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const cli = join(ROOT, 'dist', 'headless', 'cli.js')
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, '-w', dir, ...args], (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err }))
  })
}

describe('strata plan', () => {
  it('says what would run; a run with its hash does that, and is refused once it is done', async () => {
    const planned = runPlanSchema.parse(JSON.parse((await strata('plan', 'drugs', '--step', 'raw.products', '--json')).out))
    expect(planned.totals.run).toBe(1)
    expect((await strata('run', 'drugs', '--step', 'raw.products', '--plan', planned.hash)).code).toBe(0)
    const refused = await strata('run', 'drugs', '--step', 'raw.products', '--plan', planned.hash)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('drugs.raw.products was to run, and is now to be reused')
    expect((await strata('plan', 'drugs', '--step', 'raw.products')).out).toContain('reuse v1')
  })

  it('tells wrong names and wrong parameters from failures', async () => {
    expect(await strata('plan', 'drugs', '--from', 'raw.product')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean raw.products?') })
    expect((await strata('run', 'drugs', '--param', 'since')).code).toBe(2)
    expect(await strata('run', 'drugs', '--param', 'since=1')).toMatchObject({ code: 2, err: expect.stringContaining('There is no parameter since') })
    expect((await strata('run', '--all', '--force')).code).toBe(2)
  })
})

describe('strata show', () => {
  it('shows the runs of a group in their order, or one run, and wants one of the two', async () => {
    expect((await strata('run', '--all')).code).toBe(0)
    const shown = await strata('show', '--group', '1')
    expect(shown.out).toMatch(/^group 1 .*3 of 3 runs are over/)
    expect(shown.out).toMatch(/clinical_trials#\d+ .* of \d+/)
    expect((await strata('show')).code).toBe(2)
    expect((await strata('show', '--group', '9')).err).toContain('There is no group 9 of runs')
  }, 120_000)
})

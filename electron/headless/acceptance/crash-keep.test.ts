import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRows } from '../rows-json.ts'
import { brokenIn, copyOf, inLanes, momentsOf, placeOf, removeCrashFolders, someOf, strata, TRIES_ALL, withEngine, writeWorkspace } from './crash-command.ts'
import { leftoversIn } from './folder-state.ts'

/**
 * Kills the real command line in the middle of what people do to data that is there: gc, verify, roll back, promote, and the decisions at
 * a gate. Whatever the moment: what is published can be read and is of one piece, ledger and audit trail are whole, and the same
 * command once more makes it what an undisturbed one makes it, with one entry in the audit trail.
 */
const RUNS = 4

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 256MB, threads: 1 }\nretention:\n  raw: { keep_versions: 1 }\n  curated: { keep_versions: 2 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,1\n',
  'inbox/returns.csv': 'order_id,amount\n1,1\n',
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/orders.csv, format: csv }\n',
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
  'pipelines/shop/curated/totals.sql': 'SELECT sum(amount)::BIGINT AS total FROM curated.orders\n',
  'pipelines/gated/pipeline.yaml': 'sources:\n  returns: { files: inbox/returns.csv, format: csv }\ngates:\n  release: { shows: curated.returns }\n',
  'pipelines/gated/curated/returns.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.returns\n',
}

/** What a command does, in a workspace of four published runs of `shop` and one of `gated` that waits, with a damaged old version and a leftover. */
const COMMANDS: readonly { args: string[]; audited: string; kills: number }[] = [
  { args: ['gc', '--leftovers'], audited: 'gc', kills: 3 },
  { args: ['verify'], audited: 'verify', kills: 1 },
  { args: ['rollback', 'shop#4', '--reason', 'wrong prices'], audited: 'rollback', kills: 1 },
  { args: ['rollback', 'shop.curated.totals', '--to', '1', '--reason', 'wrong sum'], audited: 'rollback', kills: 1 },
  { args: ['promote', 'shop#1', '--reason', 'the best of them'], audited: 'promote', kills: 1 },
  { args: ['approve', 'gated#1', '--reason', 'looks right'], audited: 'approve', kills: 1 },
  { args: ['reject', 'gated#1', '--reason', 'looks wrong'], audited: 'reject', kills: 1 },
]

async function makeTemplate(): Promise<string> {
  const root = await writeWorkspace(FILES)
  for (let run = 1; run <= RUNS; run += 1) {
    await writeFile(path.join(root, 'inbox/orders.csv'), `order_id,amount\n1,${run}0\n2,${run}\n`)
    await strata(root, ['run', 'shop'], { at: null })
  }
  await strata(root, ['run', 'gated'], { at: null })
  const old = path.join(root, 'zones/curated/shop/orders/v2')
  const part = (await readdir(old)).find((name) => name.endsWith('.parquet')) ?? ''
  await chmod(path.join(old, part), 0o644)
  await writeFile(path.join(old, part), 'not as it was written')
  await mkdir(path.join(root, 'zones/curated/shop/orders/v77'))
  await writeFile(path.join(root, 'zones/curated/shop/orders/v77/part.parquet'), 'of nobody')
  return root
}

interface State {
  /** Rows of what is current, by dataset and version. */
  current: Record<string, unknown[][]>
  removed: string[]
  damaged: string[]
  gated: { state: string; waitsAt: string[] }
}

/** Reads every row of everything that is published; throws where one cannot be read. */
async function stateOf(root: string): Promise<State> {
  return withEngine(root, async (client) => {
    const state: State = { current: {}, removed: [], damaged: [], gated: { state: '', waitsAt: [] } }
    for (const { dataset, version } of await client.datasets.list()) {
      if (version === null) continue
      const { versions } = await client.datasets.get({ dataset })
      state.removed.push(...versions.filter(({ removedAt }) => removedAt !== null).map((gone) => `${dataset} v${gone.version}`))
      state.current[`${dataset} v${version}`] = parseRows((await client.datasets.page({ dataset, limit: 100 })).rowsJson)
    }
    state.damaged = (await client.storage.damages({})).damages.map((damage) => `${damage.path} ${damage.kind}`)
    state.gated.state = (await client.runs.get({ run: { dataType: 'gated', runNumber: 1 } })).run.state
    state.gated.waitsAt = (await client.gates.waiting({})).gates.map(({ name }) => name)
    return state
  })
}

/** Once more what was killed. A run that was let go on and then cut off goes on by its own command. */
async function complete(root: string, args: readonly string[]): Promise<void> {
  await strata(root, args, { at: null })
  if ((await stateOf(root)).gated.state === 'interrupted') await strata(root, ['resume', 'gated#1'], { at: null })
}

async function auditedAs(root: string, action: string): Promise<number> {
  return withEngine(root, async (client) => (await client.audit.list({ limit: 500 })).entries.filter((entry) => entry.action === action).length)
}

afterAll(removeCrashFolders)

describe.runIf(process.platform !== 'win32')('killed in the middle of it', () => {
  let template: string
  let before: State
  beforeAll(async () => {
    template = await makeTemplate()
    before = await stateOf(template)
  }, 60_000)

  it('is tried in a workspace where each of them has something to do', () => {
    expect(Object.keys(before.current).sort()).toEqual(['shop.curated.orders v4', 'shop.curated.totals v4', 'shop.raw.orders v4'])
    expect(before).toMatchObject({ removed: [], damaged: [], gated: { state: 'waiting', waitsAt: ['release'] } })
  })

  it.each(COMMANDS.map((command) => ({ ...command, name: command.args.slice(0, 2).join(' ') })))('strata $name', async ({ args, audited, kills }) => {
    const undisturbed = await copyOf(template)
    const moments = await momentsOf(undisturbed, args)
    const after = await stateOf(undisturbed)
    const [leftovers, entries] = [await leftoversIn(undisturbed), await auditedAs(undisturbed, audited)]
    expect(after).not.toEqual(before)
    await inLanes(someOf(moments, kills), async (moment) => {
      const root = await copyOf(template)
      await strata(root, args, { at: placeOf(moment) })
      const { current } = await stateOf(root)
      expect([before.current, after.current], `killed at ${moment}`).toContainEqual(current)
      expect(await brokenIn(root), `killed at ${moment}`).toEqual([])
      await complete(root, args)
      expect({ ...(await stateOf(root)), entries: await auditedAs(root, audited), leftovers: await leftoversIn(root), broken: await brokenIn(root) }, `killed at ${moment}, and done again`)
        .toEqual({ ...after, entries, leftovers, broken: [] })
    })
  }, TRIES_ALL ? 3_600_000 : 120_000)
})

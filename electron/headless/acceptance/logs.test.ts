import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LogSearch } from '../../../shared/contract/logs.contract.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** The logs of runs: compressed when a run has ended, read and searched all the same, and removed in time. */

const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\nlogs: { keep_days: 30 }\n',
  'inbox/orders.csv': 'order_id,amount\n1,10\n2,20\n3,30\n',
  'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/*.csv, format: csv }\n',
  'pipelines/shop/curated/orders.sql': 'SELECT order_id, CAST(amount AS INTEGER) AS amount FROM raw.orders\n',
}

async function search({ client }: TestWorkspace, input: Parameters<TestWorkspace['client']['logs']['search']>[0]): Promise<LogSearch[]> {
  const batches: LogSearch[] = []
  for await (const batch of await client.logs.search(input)) batches.push(batch)
  return batches
}

describe('logs', () => {
  it('are compressed when the run has ended, and read and searched as before', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const { client, dir } = workspace
    const { run } = await workspace.run('shop')
    await workspace.run('shop')
    await expect.poll(() => readdir(join(dir, '.strata/logs'))).toEqual(expect.arrayContaining(['shop-1.ndjson.gz', 'shop-2.ndjson.gz']))
    const ref = { dataType: run.dataType, runNumber: run.runNumber }
    const { lines } = await client.runs.logs({ run: ref })
    expect(lines[0]?.text).toBe('shop #1 starts')
    expect(await client.runs.logs({ run: ref, afterSeq: 1, limit: 1 })).toEqual({ lines: lines.slice(1, 2) })

    const hits = (await search(workspace, { text: 'IS PUBLISHED' })).flatMap((batch) => batch.hits)
    expect(hits.map((hit) => hit.run.runNumber)).toEqual([2, 1])
    expect(await search(workspace, { text: 'starts', run: ref })).toMatchObject([{ hits: [{ run: ref }], searched: 1, total: 1, isTruncated: false }])
    expect(await search(workspace, { text: 'starts', limit: 1 })).toMatchObject([{ hits: [{ run: { runNumber: 2 } }], isTruncated: true }])
    expect((await search(workspace, { text: 'starts', level: 'error' })).flatMap((batch) => batch.hits)).toEqual([])
  })

  it('are removed after the days that the workspace keeps them', async () => {
    await using workspace = await openTestWorkspace({ files: FILES })
    const log = join(workspace.dir, '.strata/logs/shop-1.ndjson.gz')
    const marker = join(workspace.dir, '.strata/logs/swept-at')
    await workspace.run('shop')
    await expect.poll(() => readdir(join(workspace.dir, '.strata/logs'))).toContain('shop-1.ndjson.gz')
    const old = new Date(Date.now() - 31 * 86_400_000)
    await utimes(log, old, old)
    await expect.poll(() => readdir(join(workspace.dir, '.strata/logs'))).toContain('swept-at')
    await writeFile(marker, '0')
    await workspace.run('shop')
    await expect.poll(() => readdir(join(workspace.dir, '.strata/logs'))).not.toContain('shop-1.ndjson.gz')
    expect(await workspace.client.runs.logs({ run: { dataType: 'shop', runNumber: 1 } })).toEqual({ lines: [] })
  })
})

import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { durable } from './durable.ts'
import { createLayout, type Layout } from './layout.ts'
import { type Manifest, manifestSchema } from './manifest.ts'
import { powerCutDisk } from './power-cut-disk.ts'
import { sealVersion } from './seal-version.ts'
import { confirmMoves, moveDelivered, undoMoves } from './take-delivery.ts'

let root: string
let layout: Layout

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'strata-zones-'))
  layout = createLayout(root)
})

afterEach(() => rm(root, { recursive: true, force: true }))

const DATASET = 'drugs.curated.products'

function manifest(version: number): Manifest {
  return {
    format: 1, dataset: DATASET, version, runNumber: 1, createdAt: '2026-01-01T00:00:00.000Z', engineVersion: '0', layout: 'plain', rowCount: 1, sizeBytes: 4,
    contentHash: 'h', columns: [], parts: [{ name: 'part-0000.parquet', rowCount: 1, sizeBytes: 4, sha256: 'x', file: null }], rejectsName: null, quarantined: 0, skipped: 0, originals: null,
    records: null, sourceHash: null, recipe: null, entityIndex: null, cursor: null, inputs: [], deliveries: [],
  }
}

async function writeTemporary(staging: string): Promise<void> {
  const dir = layout.tempVersionDir(DATASET, staging)
  await mkdir(dir, { recursive: true })
  await writeFile(path.join(dir, 'part-0000.parquet'), 'data')
}

const exists = (file: string): Promise<boolean> => access(file).then(() => true, () => false)

describe('sealing a version', () => {
  it('makes v<n> with a readable manifest and read-only parts, and leaves nothing temporary', async () => {
    await writeTemporary('s1')
    await sealVersion({ layout, durable }, 's1', manifest(3))
    const dir = layout.versionDir(DATASET, 3)
    expect(manifestSchema.parse(JSON.parse(await readFile(path.join(dir, 'manifest.json'), 'utf8'))).version).toBe(3)
    expect((await stat(path.join(dir, 'part-0000.parquet'))).mode & 0o222).toBe(0)
    expect(await readdir(layout.datasetDir(DATASET))).toEqual(['v3'])
  })

  it('survives a power cut right after it returned', async () => {
    const disk = powerCutDisk(root)
    await writeTemporary('s1')
    await sealVersion({ layout, durable: disk }, 's1', manifest(3))
    await disk.cutPower()
    const dir = layout.versionDir(DATASET, 3)
    expect(await readFile(path.join(dir, 'part-0000.parquet'), 'utf8')).toBe('data')
    expect(await exists(path.join(dir, 'manifest.json'))).toBe(true)
  })

  it('leaves no half version when the power goes before the rename: a manifest without its parts never stands under v<n>', async () => {
    for (const operation of ['syncFile', 'writeNew', 'syncDir', 'rename'] as const) {
      const disk = powerCutDisk(root)
      await writeTemporary('s1')
      const failing = { ...disk, [operation]: () => Promise.reject(new Error('power cut')) }
      await expect(sealVersion({ layout, durable: failing }, 's1', manifest(3))).rejects.toThrow('power cut')
      await disk.cutPower()
      expect(await exists(layout.versionDir(DATASET, 3)), operation).toBe(false)
      await rm(root, { recursive: true, force: true })
    }
  })
})

describe('taking files out of the inbox', () => {
  const inbox = (name: string): string => path.join(root, 'inbox', name)
  const temporary = (): string => layout.tempVersionDir(DATASET, 's1')

  beforeEach(async () => {
    await mkdir(path.join(temporary(), 'delivered'), { recursive: true })
    await mkdir(path.join(root, 'inbox'), { recursive: true })
    await writeFile(inbox('a.csv'), 'a')
    await writeFile(inbox('b.csv'), 'b')
  })

  const files = () => ['a.csv', 'b.csv'].map((fileName) => ({ origin: inbox(fileName), fileName }))

  it('moves them, and puts them back when the version did not come about', async () => {
    expect(await moveDelivered(durable, temporary(), files())).toBe(true)
    expect(await readdir(path.join(root, 'inbox'))).toEqual([])
    await undoMoves(durable, temporary())
    expect(await readdir(path.join(root, 'inbox'))).toEqual(['a.csv', 'b.csv'])
  })

  it('puts nothing over a file that was delivered meanwhile', async () => {
    await moveDelivered(durable, temporary(), files())
    await writeFile(inbox('a.csv'), 'newer')
    await undoMoves(durable, temporary())
    expect(await readFile(inbox('a.csv'), 'utf8')).toBe('newer')
    expect(await readFile(inbox('a.csv.returned'), 'utf8')).toBe('a')
  })

  it('forgets the way back once the version is confirmed', async () => {
    await moveDelivered(durable, temporary(), files())
    await confirmMoves(durable, temporary())
    await undoMoves(durable, temporary())
    expect(await readdir(path.join(root, 'inbox'))).toEqual([])
  })

  it('moves nothing when one of the files is gone', async () => {
    await expect(moveDelivered(durable, temporary(), [...files(), { origin: inbox('c.csv'), fileName: 'c.csv' }])).rejects.toThrow('ENOENT')
    expect(await readdir(path.join(root, 'inbox'))).toEqual(['a.csv', 'b.csv'])
  })
})

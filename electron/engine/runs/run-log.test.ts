import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogLine } from '../../../shared/contract/runs.contract.ts'
import { archiveLog, archivedLog, removeOldLogs } from './log-archive.ts'
import { logTexts, openRunLog, readRunLog } from './run-log.ts'

let dir: string
let file: string
const told: LogLine[] = []
const open = () => openRunLog(file, { clock: () => 1_000, onLine: (line) => told.push(line) })
const seqs = async (wanted: { afterSeq?: number; limit: number }): Promise<number[]> => (await readRunLog(file, wanted)).map((line) => line.seq)

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'strata-log-'))
  file = path.join(dir, 'shop-1.ndjson')
})
afterEach(() => rm(dir, { recursive: true }))

describe('the log of a run', () => {
  it('gives the last lines, or those after a number, and numbers on when the run goes on', async () => {
    const log = await open()
    for (let line = 1; line <= 10; line += 1) log.write('info', `line ${line}`)
    expect(await seqs({ limit: 3 })).toEqual([8, 9, 10])
    expect(await seqs({ afterSeq: 7, limit: 2 })).toEqual([8, 9])
    expect(await seqs({ afterSeq: 0, limit: 2 })).toEqual([1, 2])
    expect(await seqs({ afterSeq: 10, limit: 5 })).toEqual([])
    const again = await open()
    again.write('warn', 'more')
    expect(told.at(-1)).toMatchObject({ seq: 11, text: 'more' })
  })

  it('reads the end of a long log, lines of several bytes a letter and a torn line among them', async () => {
    const log = await open()
    for (let line = 1; line <= 3_000; line += 1) log.write('info', `Zeile ${line}: ${'ü'.repeat(40)}`)
    await appendFile(file, '{"seq":3001,"at":"19')
    expect(await seqs({ limit: 2 })).toEqual([2_999, 3_000])
    expect(await seqs({ afterSeq: 1_500, limit: 1 })).toEqual([1_501])
    expect((await seqs({ afterSeq: 2_990, limit: 5_000 })).length).toBe(10)
  })

  it('reads the same when it is compressed, and grows again when the run goes on', async () => {
    const log = await open()
    for (let line = 1; line <= 500; line += 1) log.write('info', `line ${line}`)
    const before = await readRunLog(file, { limit: 10 })
    await archiveLog(file)
    expect(await readdir(dir)).toEqual(['shop-1.ndjson.gz'])
    expect(await readRunLog(file, { limit: 10 })).toEqual(before)
    expect(await seqs({ afterSeq: 498, limit: 10 })).toEqual([499, 500])
    const again = await open()
    again.write('info', 'attempt 2')
    expect(await seqs({ limit: 2 })).toEqual([500, 501])
    expect(existsSync(archivedLog(file))).toBe(false)
  })

  it('tells of a compressed log that is damaged instead of waiting for its end', async () => {
    await writeFile(archivedLog(file), 'no gzip')
    await expect(readRunLog(file, { limit: 1 })).rejects.toThrow('incorrect header')
  })

  it('stops in the middle when it is told to', async () => {
    const log = await open()
    for (let line = 1; line <= 100; line += 1) log.write('info', `line ${line}`)
    const abort = new AbortController()
    const read: string[] = []
    const reading = (async () => {
      for await (const text of logTexts(file, abort.signal)) {
        read.push(text)
        abort.abort()
      }
    })()
    await expect(reading).rejects.toThrow('aborted')
    expect(read).toHaveLength(1)
  })
})

describe('logs that are no longer kept', () => {
  it('go when they are old and their run is over, and nothing else does', async () => {
    const old = new Date(1_000_000)
    for (const name of ['shop-1.ndjson.gz', 'shop-2.ndjson', 'shop-3.ndjson.gz', 'notes.txt']) await writeFile(path.join(dir, name), '')
    for (const name of ['shop-1.ndjson.gz', 'shop-2.ndjson', 'notes.txt']) await utimes(path.join(dir, name), old, old)
    expect(await removeOldLogs(dir, { before: 2_000_000, isOver: ({ runNumber }) => runNumber !== 2 })).toBe(1)
    expect((await readdir(dir)).toSorted()).toEqual(['notes.txt', 'shop-2.ndjson', 'shop-3.ndjson.gz'])
  })
})

import fc from 'fast-check'
import { expect } from 'vitest'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Extraction, ExtractFixture } from '../extract-fixture.ts'
import { mutated, mutations } from './mutate-bytes.ts'

export interface FuzzedFormat {
  /** Unique in the suite. */
  name: string
  declared: Parameters<ExtractFixture['extract']>[0]
  /** Good files; small ones find more in the same time. */
  seeds: readonly Buffer[]
  /** Whether a file that is cut anywhere can be told from a whole one. */
  knowsItsEnd: boolean
}

export interface FuzzTime {
  runs: number
  /** Goes on until then, however many runs that are; null: only the runs. */
  minutes: number | null
}

const HANG_MS = 60_000

/**
 * Whatever happens to a file, its extraction either says what is wrong with it, or accounts for every record: each ordinal once, as a row
 * or as a reject. It neither crashes nor hangs.
 * @returns how many files were tried
 */
export async function fuzzFormat(fixture: ExtractFixture, { name, declared, seeds }: FuzzedFormat, time: FuzzTime): Promise<number> {
  let files = 0
  await check(time, fc.tuple(fc.constantFrom(...seeds), mutations), async ([seed, changes]) => {
    const path = await fixture.write(`fuzz/${name}/${++files}.dat`, mutated(seed, changes))
    const extraction = await outcome(fixture, declared, path)
    if (extraction !== null) await expectAccount(extraction)
  })
  return files
}

/** A file that was cut off gives an error, or what was whole of it: the records before the cut as they were. */
export async function fuzzCuts(fixture: ExtractFixture, { name, declared, seeds, knowsItsEnd }: FuzzedFormat, time: FuzzTime): Promise<number> {
  let files = 0
  const wholes = await Promise.all(seeds.map(async (seed, index) => rowsOf(await fixture.extract(declared, [await fixture.write(`fuzz/${name}/whole-${index}.dat`, seed)]))))
  const cut = fc.nat({ max: seeds.length - 1 }).chain((index) => fc.record({ index: fc.constant(index), at: fc.nat({ max: Math.max(0, (seeds[index]?.length ?? 1) - 1) }) }))
  await check(time, cut, async ({ index, at }) => {
    const seed = seeds[index] ?? Buffer.alloc(0)
    const extraction = await outcome(fixture, declared, await fixture.write(`fuzz/${name}/cut-${++files}.dat`, seed.subarray(0, at)))
    if (extraction === null) return
    await expectAccount(extraction)
    expect(knowsItsEnd && seed.subarray(at).toString('latin1').trim() !== '').toBe(false)
    const rows = await rowsOf(extraction)
    // Where a value of the last record ends nobody can know in a format without an end.
    expect(rows.slice(0, -1)).toEqual((wholes[index] ?? []).slice(0, Math.max(0, rows.length - 1)))
  })
  return files
}

async function check<T>({ runs, minutes }: FuzzTime, arbitrary: fc.Arbitrary<T>, law: (value: T) => Promise<void>): Promise<void> {
  const limits = minutes === null ? { numRuns: runs, seed: 20 } : { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: minutes * 60_000, markInterruptAsFailure: false }
  await fc.assert(fc.asyncProperty(arbitrary, law), limits)
}

/** Null where the file was refused in words. */
async function outcome(fixture: ExtractFixture, declared: FuzzedFormat['declared'], path: string): Promise<Extraction | null> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new Error(`no end after ${HANG_MS} ms`)), HANG_MS)
  try {
    return await fixture.extract(declared, [path], { signal: stop.signal })
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'SOURCE_UNREADABLE') return null
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function rowsOf({ rows }: Extraction): Promise<Record<string, unknown>[]> {
  return rows('* EXCLUDE (_file)')
}

async function expectAccount({ result, rows, rejects }: Extraction): Promise<void> {
  const [file] = result.files
  expect(file).toMatchObject({ records: result.records, loaded: result.rowCount, quarantined: result.quarantined })
  expect(result.records).toBe(result.rowCount + result.quarantined + result.skipped)
  const loaded = (await rows('_record::INTEGER AS r')).map(({ r }) => Number(r))
  const rejected = (await rejects()).map((reject) => Number(reject['_record']))
  expect([loaded.length, rejected.length]).toEqual([result.rowCount, result.quarantined])
  if (result.skipped === 0) expect([...loaded, ...rejected].sort((a, b) => a - b)).toEqual(Array.from({ length: result.records }, (_, index) => index + 1))
}

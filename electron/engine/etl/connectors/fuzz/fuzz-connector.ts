import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import { ProblemError } from '../../../../../shared/domain/problem.ts'
import type { Extraction, ExtractFixture } from '../../extract-fixture.ts'
import type { FuzzWorker } from './fuzz-worker.ts'
import { mutated, mutations } from './mutate-bytes.ts'

export interface FuzzedFormat {
  /** Unique in the suite. */
  name: string
  declared: Parameters<ExtractFixture['extract']>[0]
  /** Good files; small ones find more in the same time. */
  seeds: readonly Buffer[]
  /** The file around what is changed, so that the change is met behind a check sum or a packing; without it, the file itself is changed. */
  wrap?: (content: Buffer, seed: number) => Buffer | Promise<Buffer>
  ending: string
  /** Whether a file that is cut anywhere can be told from a whole one. */
  knowsItsEnd: boolean
}

export interface FuzzTime {
  runs: number
  /** Goes on until then, however many runs that are; null: only the runs. */
  minutes: number | null
}

interface Fuzzing {
  fixture: ExtractFixture
  worker: FuzzWorker
  time: FuzzTime
}

const RUNS_A_ROUND = 50

/**
 * Whatever happens to a file, its extraction either says what is wrong with it, or accounts for every record: each ordinal once, as a row
 * or as a reject. It neither crashes nor hangs nor takes more memory than it may.
 * @returns how many files were tried
 */
export async function fuzzFormat(fuzzing: Fuzzing, format: FuzzedFormat): Promise<number> {
  const { seeds } = format
  let files = 0
  const change = fc.record({ seed: fc.nat({ max: seeds.length - 1 }), other: fc.nat({ max: seeds.length - 1 }), changes: mutations })
  await check(fuzzing.time, change, async ({ seed, other, changes }) => {
    files++
    await tryContent(fuzzing, { format, seed, content: mutated(seedOf(format, seed), changes, seedOf(format, other)) }, () => undefined)
  })
  return files
}

/** A file that was cut off gives an error, or what was whole of it: the records before the cut as they were. */
export async function fuzzCuts(fuzzing: Fuzzing, format: FuzzedFormat): Promise<number> {
  const { seeds, knowsItsEnd } = format
  let files = 0
  const wholes: Record<string, unknown>[][] = []
  for (const [seed, content] of seeds.entries()) await tryContent(fuzzing, { format, seed, content }, (rows) => void (wholes[seed] = rows))
  expect(wholes.filter((rows) => rows.length > 0)).toHaveLength(seeds.length)
  const cut = fc.nat({ max: seeds.length - 1 }).chain((seed) => fc.record({ seed: fc.constant(seed), at: fc.nat({ max: Math.max(0, seedOf(format, seed).length - 1) }) }))
  await check(fuzzing.time, cut, async ({ seed, at }) => {
    files++
    const whole = seedOf(format, seed)
    await tryContent(fuzzing, { format, seed, content: whole.subarray(0, at) }, (rows) => {
      expect(knowsItsEnd && whole.subarray(at).toString('latin1').trim() !== '').toBe(false)
      // Where a value of the last record ends nobody can know in a format without an end.
      expect(rows.slice(0, -1)).toEqual((wholes[seed] ?? []).slice(0, Math.max(0, rows.length - 1)))
    })
  })
  return files
}

function seedOf({ seeds }: FuzzedFormat, index: number): Buffer {
  return seeds[index] ?? Buffer.alloc(0)
}

/** In rounds, so that none is left running when the time is over. */
async function check<T>({ runs, minutes }: FuzzTime, arbitrary: fc.Arbitrary<T>, law: (value: T) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(arbitrary, law)
  if (minutes === null) return fc.assert(property, { numRuns: runs, seed: 20 })
  for (const end = Date.now() + minutes * 60_000; Date.now() < end; ) await fc.assert(property, { numRuns: RUNS_A_ROUND })
}

interface Trial {
  format: FuzzedFormat
  seed: number
  content: Buffer
}

/** Extracts a file. Where it was not refused in words, its records are accounted for, and `look` sees its rows. */
async function tryContent({ fixture, worker }: Fuzzing, { format, seed, content }: Trial, look: (rows: Record<string, unknown>[]) => void): Promise<void> {
  const bytes = format.wrap === undefined ? content : await format.wrap(content, seed)
  const path = await fixture.write(`fuzz/${format.name}/file.${format.ending}`, bytes)
  let extraction: Extraction | null = null
  try {
    extraction = await fixture.extract(format.declared, [path], { by: (input, init) => worker.extract(input, init) })
    await expectAccount(extraction)
    look(await extraction.rows('* EXCLUDE (_file)'))
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'SOURCE_UNREADABLE') throw new Error(`${await keep(format, bytes)}: ${messageOf(error)}`, { cause: error })
  } finally {
    if (extraction !== null) await rm(extraction.outDir, { recursive: true })
  }
}

/** Where the file can be found when the test is over. */
async function keep({ name, ending }: FuzzedFormat, bytes: Buffer): Promise<string> {
  const path = join(tmpdir(), 'strata-fuzz-faults', `${name.replaceAll(' ', '-')}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.${ending}`)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  return path
}

function messageOf(error: unknown): string {
  return error instanceof ProblemError ? `${error.problem.code} ${error.message}` : error instanceof Error ? error.message : String(error)
}

async function expectAccount({ result, rows, rejects }: Extraction): Promise<void> {
  const [file] = result.files
  expect(file).toMatchObject({ records: result.records, loaded: result.rowCount, quarantined: result.quarantined })
  expect(result.records).toBe(result.rowCount + result.quarantined + result.skipped)
  const loaded = (await rows('_file, _record::INTEGER AS r')).map(({ _file, r }) => `${String(_file)} ${Number(r)}`)
  const rejected = (await rejects()).map((reject) => `${String(reject['_file'])} ${Number(reject['_record'])}`)
  expect([loaded.length, rejected.length]).toEqual([result.rowCount, result.quarantined])
  if (result.skipped > 0) return
  const texts = (file?.members ?? []).length === 0 ? [{ name: file?.fileName ?? '', records: result.records }] : (file?.members ?? []).map(({ name, records }) => ({ name: `${file?.fileName}/${name}`, records }))
  const expected = texts.flatMap(({ name, records }) => Array.from({ length: records }, (_, index) => `${name} ${index + 1}`))
  expect([...loaded, ...rejected].sort()).toEqual(expected.sort())
}

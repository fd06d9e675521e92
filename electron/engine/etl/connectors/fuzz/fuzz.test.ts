import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../../extract-fixture.ts'
import { fuzzCuts, fuzzFormat } from './fuzz-connector.ts'
import { fuzzedFormats } from './fuzz-seeds.ts'
import { FuzzWorker } from './fuzz-worker.ts'

/**
 * `STRATA_FUZZ_MINUTES=10 npm run unit -- electron/engine/etl/connectors/fuzz/fuzz.test.ts` goes on for ten minutes a law and format; with
 * `-t "fuzzed xml"` for one of them. Files that show a fault are kept in `strata-fuzz-faults` in the folder for temporary files.
 */
const minutes = process.env['STRATA_FUZZ_MINUTES'] === undefined ? null : Number(process.env['STRATA_FUZZ_MINUTES'])
const time = { runs: 3, minutes }

const worker = new FuzzWorker()
let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(async () => {
  worker.close()
  await fixture.close()
})

const timeoutMs = 120_000 + 2 * 60_000 * (minutes ?? 0)

describe.each(await fuzzedFormats())('fuzzed $name', (format) => {
  it('is refused in words or accounted for, whatever happens to the file', async () => {
    expect(await fuzzFormat({ fixture, worker, time }, format)).toBeGreaterThan(0)
  }, timeoutMs)

  it('gives an error or what was whole, wherever it is cut', async () => {
    expect(await fuzzCuts({ fixture, worker, time }, format)).toBeGreaterThan(0)
  }, timeoutMs)
})

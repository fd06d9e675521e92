import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../../extract-fixture.ts'

/** Files that showed a fault when they were fuzzed, made as small as they still show it. */

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const refusal = (message: RegExp): object => ({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message) } })

describe('files found by fuzzing', () => {
  it.each(['\u0001\u0002\u0003', 'x\u0001\u0002\u0003 ', '[{"a": \u0001\u0002\u0003}]', '[{"a": 1}, \u0000]'])('JSON with control characters outside texts is refused: %j', async (text) => {
    await expect(fixture.extract({ format: 'json' }, [await fixture.write('control.json', text)])).rejects.toMatchObject(refusal(/^control\.json, line 1: malformed JSON/))
  })
})

import { RecordBatchReader, tableFromArrays, tableToIPC } from 'apache-arrow'
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

  it('an Arrow file whose footer leads to a dictionary instead of a record batch is refused, not read for ever', async () => {
    const bytes = Buffer.from(tableToIPC(tableFromArrays({ name: ['a', 'b', 'a'] }), 'file'))
    const { footer } = RecordBatchReader.from(bytes).open()
    const block = footer?.getRecordBatch(0)
    // A block of the footer: an offset, then the length of the description.
    const at = bytes.lastIndexOf(Buffer.concat([littleEndian(block?.offset ?? 0), littleEndian(block?.metaDataLength ?? 0)]))
    expect(at).toBeGreaterThan(0)
    littleEndian(footer?.getDictionaryBatch(0)?.offset ?? 0).copy(bytes, at)
    await expect(fixture.extract({ format: 'arrow' }, [await fixture.write('blocks.arrow', bytes)])).rejects.toMatchObject(refusal(/^blocks\.arrow: not readable as Arrow: the footer names 1 record batches, but what it says of batch 1/))
  })

  it.each(['file', 'stream'] as const)('an Arrow %s in which a dictionary says that it has a thousand million parts is refused, and costs no memory', async (kind) => {
    const bytes = Buffer.from(tableToIPC(tableFromArrays({ name: ['a', 'b', 'a'] }), kind))
    // The list of a text column's three buffers: how many there are, then the first, which is empty. That of the dictionary comes first.
    const at = bytes.indexOf(Buffer.concat([Buffer.from(Uint32Array.of(3).buffer), littleEndian(0), littleEndian(0)]))
    expect(at).toBeGreaterThan(0)
    bytes.writeUInt32LE(1_000_000_000, at)
    await expect(fixture.extract({ format: 'arrow' }, [await fixture.write(`claims-${kind}.arrow`, bytes)])).rejects.toMatchObject(refusal(/not readable as Arrow: a message is damaged/))
  })
})

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value))
  return bytes
}

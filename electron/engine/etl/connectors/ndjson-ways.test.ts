import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../extract-fixture.ts'

/** NDJSON is read as lines where it can be, with or without a look at every key, else record by record: the same comes of it. */

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const COLUMNS = { i: 'INTEGER', b: 'BIGINT', m: 'DECIMAL(6,2)', d: 'DOUBLE', day: 'DATE', at: 'TIMESTAMP', yes: 'BOOLEAN', text: 'VARCHAR', any: 'JSON', list: 'INTEGER[]' }
const PLAIN = { i: '1', b: '9007199254740993', m: '1.5', d: '0.25', day: '"2024-01-31"', at: '"2024-01-31 10:20:30"', yes: 'true', text: '"x"', any: '{"k": [1]}', list: '[1, 2]' }
/** More than the lines that are looked at first. */
const HEAD = `${`{${Object.entries(PLAIN).map(([key, value]) => `"${key}":${value}`).join(',')}}\n`.repeat(2_000)}`

const value = fc.constantFrom('1', '12.7', '1e3', '-0', '2147483648', '1.005', '0.10', 'null', 'true', '"1"', '" 7"', '"12.7"', '"true"', '"t"', '"0"', '""', '"2024-01-31"', '"2024-01-31T10:20:30Z"', '"2024-01-31 10:20:30.5"', '"31.01.2024"', '"NaN"', '1e400', '[1]', '[1.5]', '[]', '{}', '{"k":1}', '"a\\"\\n\\u0000b"', '"\\ud83d\\ude00"', '"ž"', '123456789012345678901234567890', '0.1', '"_1_0"')
const record = fc.tuple(...Object.entries(PLAIN).map(([key, plain]) => fc.oneof({ weight: 12, arbitrary: fc.constant(plain) }, value).map((written) => [key, written] as const)))
const pairs = (members: readonly (readonly [string, string])[]): string => `{${members.map(([key, written]) => `"${key}":${written}`).join(',')}}`
const whole = record.map(pairs)
const odd = fc.oneof(
  fc.tuple(record, fc.nat(9)).map(([members, at]) => pairs(members.filter((_, index) => index !== at))),
  record.map((members) => pairs([...members, ['more', '1']])),
  record.map((members) => pairs([...members, ['i', '2']])),
  record.map((members) => pairs([...members, ['I', '2']])),
)
const line = fc.oneof(
  { weight: 20, arbitrary: whole },
  { weight: 3, arbitrary: record.map((members) => pairs(members.toReversed())) },
  { weight: 2, arbitrary: whole.map((text) => ` \t${text}  `) },
  { weight: 3, arbitrary: fc.constantFrom('', '  ', '{"i":', '[1]', '7', 'null', '"x"', 'x', '{}x', '{"i":1}{"i":2}', "{'i':1}") },
)

async function read(path: string, declared: Partial<Parameters<ExtractFixture['extract']>[0]>) {
  const { rows, rejects, result } = await fixture.extract({ format: 'ndjson', columns: COLUMNS, ...declared }, [path])
  const { records, quarantined, rowCount } = result
  return { records, quarantined, rowCount, columns: result.columns, rows: await rows(), rejects: await rejects() }
}

/** A rule on the text of records asks for each of them. */
const BY_RECORD = { skip: [{ name: 'none', pattern: '^never$' }] }

let files = 0
async function expectSame(lines: readonly string[], end: string): Promise<void> {
  const path = await fixture.write(`ways-${++files}.ndjson`, `${HEAD}${lines.join('\n')}${end}`)
  const [asLines, byRecord] = [await read(path, {}), await read(path, BY_RECORD)]
  expect(asLines).toEqual(byRecord)
}

describe('the ways to read NDJSON', () => {
  it('agree on records that have all keys, good values and bad', async () => {
    await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 120 }), fc.constantFrom('', '\n', '\n\n'), expectSame), { numRuns: 6 })
  })

  it.each(['{"i":\u0001}', '{"i":"\\ud83d"}', '{"i":NaN}', '{"i":1,}', '{"i":', '{"i":1} x', '[1', '7', 'nul', 'x'])('agree on %j, also as a last line without an end', async (odd) => {
    for (const end of ['', '\n']) {
      const path = await fixture.write(`odd-${++files}.ndjson`, `{"i":1}\n${odd}${end}`)
      const [asLines, byRecord] = [await read(path, { columns: {} }), await read(path, { columns: {}, ...BY_RECORD })]
      expect(asLines).toEqual(byRecord)
    }
  })

  it('agree where keys are missing, more or double', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof({ weight: 9, arbitrary: line }, odd), { maxLength: 60 }), fc.constantFrom('', '\n'), expectSame), { numRuns: 6 })
  })
})

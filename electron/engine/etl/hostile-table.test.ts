import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import { tarOf, zipOf } from './archives/archive-fixture.ts'
import { makeZip } from './connectors/xlsx/test-workbook.ts'
import { ExtractFixture } from './extract-fixture.ts'
import { HOSTILE_FORMATS } from './hostile-formats.ts'

/** Every connector meets every hostility that a file of its format can carry. What only one format can carry is in hostile-files.test.ts. */

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())
afterEach(async () => {
  // Beside the folder of the fixture there is nothing, whatever a name tried.
  const beside = (await readdir(dirname(fixture.dir))).filter((name) => name !== 'data [1]')
  if (beside.length > 0) throw new Error(`Written outside: ${beside.join(', ')}`)
})

const NAMES = ["it's \"quoted\"", 'brackets [1] {2} (3)', 'line\nbreak', '\u{1F600}', 'semi;colon, comma', '%2e%2e', '$(date)', '__proto__', 'a'.repeat(150)]
/** Long blank lines, which every reader of text passes quickly, until it is too much. */
const BLANKS = Buffer.alloc(101 << 20, `${' '.repeat(65_535)}\n`)
const BOMB = gzipSync(BLANKS)
/** Packed once for all; its name is exchanged for one with the format's ending. */
const ZIPPED = makeZip({ 'a.zzzzzzzz': BLANKS })

const TABLE = { columns: ['id', 'name'], rows: [['1', 'ann'], ['2', 'bob']] }
const LOADED = [{ id: '1', name: 'ann' }, { id: '2', name: 'bob' }]
const text = (rows: readonly Record<string, unknown>[]): unknown[] => rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value])))
const refusal = (message: RegExp): object => ({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message) } })

/** One name put in place of another of the same length, which no writer of archives would write. */
function exchanged(bytes: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(from); at !== -1; at = copy.indexOf(from, at + 1)) copy.write(to, at, 'latin1')
  return copy
}

describe.each(HOSTILE_FORMATS)('a file of $format', { timeout: 120_000 }, ({ format, declared, write, canBeWide, hasFreeNames }) => {
  let files = 0
  const bytesOf = (table = TABLE): Promise<Uint8Array> => write(table, fixture.dir)
  const read = async (bytes: Uint8Array, { name = `${format} ${++files}.${format}`, columns = TABLE.columns }: { name?: string; columns?: string[] } = {}) => fixture.extract({ format, ...declared(columns), ...(/\.(zip|tar)$/.test(name) ? { member: ['*'] } : {}) }, [await fixture.write(name, bytes)])

  it('with a name of quotes, brackets, line breaks or emoji is read under its name, alone and as a member', async () => {
    const bytes = await bytesOf()
    for (const name of NAMES.slice(0, 4).map((one) => `${one}.${format}`)) {
      const alone = await read(bytes, { name: join('names', format, name) })
      expect(text(await alone.rows('id::VARCHAR AS id, name, _file'))).toEqual(LOADED.map((row) => ({ ...row, _file: name })))
    }
    const zip = await zipOf(Object.fromEntries(NAMES.filter((name) => name !== '__proto__').map((name) => [`${name}.${format}`, bytes])))
    const { result } = await read(zip, { name: `names ${format}.zip` })
    expect(result.files[0]?.members.map(({ name, loaded }) => [name, loaded])).toEqual(NAMES.filter((name) => name !== '__proto__').map((name) => [`${name}.${format}`, 2]))
  })

  it.runIf(hasFreeNames)('with such names of columns keeps them', async () => {
    const names = NAMES.filter((name) => name !== '__proto__' || format !== 'arrow')
    // A heading of a workbook is one line, however it was broken in its cell.
    const kept = format === 'xlsx' ? names.map((name) => name.replace('\n', ' ')) : names
    const { result, rows } = await read(await bytesOf({ columns: names, rows: [names.map((_, i) => `v${i}`)] }), { columns: names })
    expect(result.columns.filter(({ isProvenance }) => !isProvenance).map(({ name }) => name)).toEqual(kept)
    expect(await rows(kept.map((name, i) => `${quoteIdentifier(name)} AS c${i}`).join(', '))).toEqual([Object.fromEntries(names.map((_, i) => [`c${i}`, `v${i}`]))])
  })

  it('in an archive under a name that leads out of it is refused by that name', async () => {
    const bytes = await bytesOf()
    for (const bad of [`../out.${format}`, `/etc/out.${format}`]) {
      const good = bad.replaceAll(/[./]/g, 'q')
      await expect(read(exchanged(await zipOf({ [`a.${format}`]: bytes, [good]: bytes }), good, bad), { name: `out ${format} ${++files}.zip` })).rejects.toMatchObject(refusal(/leads out|absolute/))
      await expect(read(await tarOf({ [`a.${format}`]: bytes, [bad]: bytes }), { name: `out ${format} ${++files}.tar` })).rejects.toMatchObject(refusal(/leads out|absolute/))
    }
    await expect(read(await tarOf({ [`a.${format}`]: bytes }, { [`passwd.${format}`]: '/etc/passwd' }), { name: `link ${format}.tar` })).rejects.toMatchObject(refusal(/which is a link/))
  })

  it('that is packed to fill the disk is not unpacked', async () => {
    await expect(read(BOMB, { name: `bomb.${format}.gz` })).rejects.toMatchObject(refusal(/more than 250 times its size/))
    await expect(read(exchanged(ZIPPED, 'a.zzzzzzzz', `${'a'.repeat(9 - format.length)}.${format}`), { name: `bomb ${format}.zip` })).rejects.toMatchObject(refusal(/more than 250 times its size/))
  })

  it.runIf(canBeWide)('with more columns than a table may have is refused with their number', async () => {
    const columns = Array.from({ length: 5_000 }, (_, n) => `c${n}`)
    const bytes = await bytesOf({ columns, rows: [columns.map((_, n) => String(n))] })
    await expect(read(bytes, { columns })).rejects.toMatchObject(refusal(/[45],\d{3} (different keys|columns)( or more)?; at most 4,096 can/))
  })

  // Of fixed width only a column as wide as the text can hold it.
  it.runIf(format !== 'fixed')('with a text of 2 MB in one cell keeps all of it', async () => {
    const long = `${Array.from({ length: 300_000 }, (_, n) => `é${n}`).join('')}!`
    const table = { columns: ['id', 'name'], rows: [['1', long], ['2', 'bob']] }
    const { rows } = await read(await bytesOf(table))
    expect(await rows('id::VARCHAR AS id, length(name)::INTEGER AS n, right(name, 1) AS last')).toEqual([{ id: '1', n: long.length, last: '!' }, { id: '2', n: 3, last: 'b' }])
  })

  it('that is another format, empty, or nothing but zero bytes is refused or loads nothing that is not there', async () => {
    const others: [string, Uint8Array][] = [['empty', Buffer.alloc(0)], ['zeros', Buffer.alloc(10_000)], ['noise', Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * 7_919) % 256))]]
    for (const [what, bytes] of others) {
      const outcome = await read(bytes, { name: `${what}.${format}` }).then(({ result }) => result.records === result.rowCount + result.quarantined && result.rowCount <= 200, (error: unknown) => error instanceof Error && error.message.startsWith(`${what}.${format}`))
      expect([format, what, outcome]).toEqual([format, what, true])
    }
  })
})

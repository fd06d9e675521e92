import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuck } from '../../query/duckdb.ts'
import { locateRecord } from '../../query/locate-record.ts'
import type { SourceSpec } from '../../workspace/model.ts'
import { ExtractFixture, sourceOf } from '../extract-fixture.ts'
import { makeWorkbook } from './xlsx/test-workbook.ts'

/** A record of the shared suite: its number, a blank line, or one that cannot be loaded. */
type Item = number | 'blank' | 'bad'

type Content = string | Uint8Array

interface Format {
  format: SourceSpec['format']
  text(items: Item[]): string
  /** Of a format that is no text. */
  bytes?(items: Item[]): Uint8Array
  declared: { record?: string; columns?: Record<string, string> }
  /** Cuts a file so that anyone sees that something is missing. */
  cut(content: Content): Content
  hasLines: boolean
  /** Where a bad record begins. */
  badText: RegExp
}

const name = (id: number): string => `name ${id} é "q", x`
const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const FORMATS: Format[] = [
  {
    format: 'csv',
    text: (items) => ['id,name\n', ...items.map((item) => (item === 'blank' ? '\n' : item === 'bad' ? 'x,"multi\nline",3\n' : `${item},"${name(item).replaceAll('"', '""')}"\n`))].join(''),
    declared: { columns: { id: 'BIGINT' } },
    cut: (content) => content.slice(0, -3),
    hasLines: true,
    badText: /x,"multi/,
  },
  {
    format: 'ndjson',
    text: (items) => items.map((item) => (item === 'blank' ? '  \n' : item === 'bad' ? '{"id": 1,\n' : `${JSON.stringify({ id: item, name: name(item) })}\n`)).join(''),
    declared: {},
    cut: (content) => content.slice(0, -3),
    hasLines: true,
    badText: /\{"id": 1,\n/,
  },
  {
    format: 'json',
    text: (items) => `{"meta": {"list": [1, "]"]},\n "things": [${items.filter((item) => item !== 'blank').map((item) => (item === 'bad' ? '[1,\n 2]' : JSON.stringify({ id: item, name: name(item) }, null, 1))).join(',\n')}] }`,
    declared: { record: '$.things[*]' },
    cut: (content) => content.slice(0, -4),
    hasLines: false,
    badText: /\[1,\n 2/,
  },
  {
    format: 'xml',
    text: (items) => `<?xml version="1.0"?>\n<d:doc xmlns:d="urn:d"><d:things>${items.filter((item) => item !== 'blank').map((item) => `<d:thing><id>${item === 'bad' ? 'x' : item}</id><name>${item === 'bad' ? '' : xmlText(name(item))}</name></d:thing>\n`).join('')}</d:things></d:doc>`,
    declared: { record: 'doc/things/thing', columns: { id: 'BIGINT' } },
    cut: (content) => content.slice(0, -9),
    hasLines: false,
    badText: /<d:thing><id>x/,
  },
  { ...binary((items) => makeWorkbook({ sheets: [{ name: 'Things', rows: [['id', 'name'], ...items.map((item) => (item === 'blank' ? [] : [item === 'bad' ? 'x' : item, item === 'bad' ? null : name(item)]))] }] })), format: 'xlsx' },
  {
    ...binary((items) => {
      const db = new Database(':memory:')
      db.exec('CREATE TABLE things (id INTEGER, name TEXT)')
      const insert = db.prepare('INSERT INTO things VALUES (?, ?)')
      db.transaction(() => {
        for (const item of items) if (item !== 'blank') insert.run(item === 'bad' ? 'x' : item, item === 'bad' ? null : name(item))
      })()
      const bytes = db.serialize()
      db.close()
      return bytes
    }),
    format: 'sqlite',
  },
  {
    ...binary((items) => {
      const records = items.filter((item) => item !== 'blank')
      return tableToIPC(new Table({ id: vectorFromArray(records.map((item) => (item === 'bad' ? 'x' : String(item))), new Utf8()), name: vectorFromArray(records.map((item) => (item === 'bad' ? null : name(item))), new Utf8()) }), 'file')
    }),
    format: 'arrow',
  },
]

function binary(bytes: (items: Item[]) => Uint8Array): Omit<Format, 'format'> {
  return { text: () => '', bytes, declared: { columns: { id: 'BIGINT' } }, cut: (content) => content.slice(0, -20), hasLines: false, badText: /x/ }
}

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const numbers = (count: number, from = 1): number[] => Array.from({ length: count }, (_, index) => from + index)

/** What the version must hold: for each number its file and its ordinal among the records of the file. */
function truth(files: { name: string; items: Item[] }[]): { id: string; name: string; _file: string; _record: string }[] {
  return files.flatMap(({ name: file, items }) => items.filter((item) => item !== 'blank').flatMap((item, index) => (item === 'bad' ? [] : [{ id: String(item), name: name(item), _file: file, _record: String(index + 1) }])))
}

describe.each(FORMATS)('connector $format', ({ format, text, bytes, declared, cut, hasLines, badText }) => {
  const isText = bytes === undefined
  let count = 0
  async function deliver(items: Item[], change: (content: Content) => Content = (plain) => plain, extension: string = format): Promise<{ path: string; name: string; items: Item[] }> {
    const file = `${format} ${++count}.${extension}`
    return { path: await fixture.write(file, change(bytes?.(items) ?? text(items))), name: file, items }
  }
  const paths = (files: { path: string }[]): string[] => files.map(({ path }) => path)

  it('loads every record once, in order, and says where it came from', async () => {
    const files = [await deliver(numbers(100)), await deliver(numbers(3, 1000))]
    const { result, rows } = await fixture.extract({ format, ...declared }, paths(files))
    expect(await rows('id::VARCHAR AS id, name, _file, _record::VARCHAR AS _record')).toEqual(truth(files))
    expect(result).toMatchObject({ layout: 'per_file', records: 103, rowCount: 103, quarantined: 0, rejectsName: null })
    expect(result.files.map(({ fileName, records, loaded }) => ({ fileName, records, loaded }))).toEqual([
      { fileName: files[0]?.name, records: 100, loaded: 100 },
      { fileName: files[1]?.name, records: 3, loaded: 3 },
    ])
    expect(result.columns.map((column) => `${column.name} ${column.type}`)).toEqual(['id BIGINT', 'name VARCHAR', '_file VARCHAR', '_record BIGINT'])
  })

  it('reads a gzip archive as what is in it', async () => {
    const file = await deliver(numbers(50), (plain) => gzipSync(plain), `${format}.gz`)
    const { rows } = await fixture.extract({ format, ...declared }, [file.path])
    expect(await rows('id::VARCHAR AS id, name, _file, _record::VARCHAR AS _record')).toEqual(truth([file]))
  })

  it.runIf(isText).each(['utf-16le', 'utf-16be', 'utf-32le', 'windows-1252', 'shift_jis', 'gb18030'])('reads %s as it reads UTF-8, with every line where it was', async (encoding) => {
    const letters = encoding === 'shift_jis' ? 'ソ表' : encoding === 'gb18030' ? '张é' : 'é'
    const change = (plain: Content): Uint8Array => iconv.encode(String(plain).replaceAll('é', letters).replace('<?xml version="1.0"?>', `<?xml version="1.0" encoding="${encoding}"?>`), encoding)
    const file = await deliver([1, 'blank', 2, 'bad', 3], change)
    const { rows, rejects, result } = await fixture.extract({ format, ...declared, encoding }, [file.path])
    expect(await rows('id::VARCHAR AS id, name, _file, _record::VARCHAR AS _record')).toEqual(truth([file]).map((row) => ({ ...row, name: row.name.replace('é', letters) })))
    expect(result).toMatchObject({ records: 4, rowCount: 3, quarantined: 1 })
    expect((await rejects())[0]?.['line']).toBe(text(file.items).slice(0, text(file.items).search(badText)).split('\n').length)
  })

  it.runIf(isText)('quarantines the record that holds bytes which are no text, with its line and the bytes', async () => {
    const file = await deliver([1, 2, 3], (plain) => {
      const good = Buffer.from(String(plain).replaceAll('é', ''))
      const at = good.indexOf('name 2') + 5
      return Buffer.concat([good.subarray(0, at), Buffer.from([0x81]), good.subarray(at)])
    })
    for (const encoding of ['windows-1252', 'utf-8']) {
      const { rows, rejects } = await fixture.extract({ format, ...declared, encoding }, [file.path])
      expect(await rows('id::INTEGER AS id, _record::INTEGER AS r')).toEqual([{ id: 1, r: 1 }, { id: 3, r: 3 }])
      expect(await rejects()).toMatchObject([{ _record: 2, line: expect.any(Number), raw: expect.stringContaining('name \\x812'), reason: expect.stringContaining(encoding === 'utf-8' ? 'UTF-8' : encoding) }])
    }
  })

  it('refuses a cut gzip archive', async () => {
    const file = await deliver(numbers(5000), (plain) => gzipSync(plain).subarray(0, -200), `${format}.gz`)
    await expect(fixture.extract({ format, ...declared }, [file.path])).rejects.toMatchObject({
      problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining(`${file.name}: truncated input`) },
    })
  })

  it('merges more than 64 files into few parts with stored provenance, the rejects accounted for', async () => {
    const files = await Promise.all(numbers(70).map((n) => deliver([n * 10, ...(n % 7 === 0 ? (['bad'] as const) : []), n * 10 + 1, n * 10 + 2])))
    const { result, rows, rejects } = await fixture.extract({ format, ...declared }, paths(files))
    expect(result).toMatchObject({ layout: 'stored', records: 220, rowCount: 210, quarantined: 10 })
    expect(result.parts).toHaveLength(1)
    expect(await rows('id::VARCHAR AS id, name, _file, _record::VARCHAR AS _record')).toEqual(truth(files))
    expect((await rejects()).map((reject) => [reject['_file'], reject['_record']])).toEqual(files.filter(({ items }) => items.includes('bad')).map((file) => [file.name, 2]))
  })

  it('accounts for every record of every file, whatever is bad (property)', async () => {
    const item = fc.oneof({ weight: 5, arbitrary: fc.constant('good' as const) }, fc.constant('blank' as const), fc.constant('bad' as const))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(item, { maxLength: 30 }), { minLength: 1, maxLength: 3 }), async (shapes) => {
        let id = 0
        const files = await Promise.all(shapes.map((shape) => deliver([++id, ...shape.map((kind) => (kind === 'good' ? ++id : kind)), ++id])))
        const { result, rows, rejects } = await fixture.extract({ format, ...declared }, paths(files))
        expect(await rows('id::VARCHAR AS id, name, _file, _record::VARCHAR AS _record')).toEqual(truth(files))
        const rejected = await rejects()
        for (const [index, file] of result.files.entries()) {
          const records = files[index]?.items.filter((kind) => kind !== 'blank') ?? []
          const bad = records.flatMap((kind, at) => (kind === 'bad' ? [at + 1] : []))
          expect(rejected.filter((reject) => reject['_file'] === file.fileName).map((reject) => reject['_record'])).toEqual(bad)
          expect(file).toMatchObject({ records: records.length, loaded: records.length - bad.length, quarantined: bad.length })
        }
        expect(result.records).toBe(result.rowCount + result.quarantined)
      }),
      { numRuns: 8, seed: 7 },
    )
  })

  it.runIf(hasLines)('knows the physical line of every record and every reject', async () => {
    const file = await deliver([1, 'blank', 2, 'bad', 3, 'blank', 'bad', 4])
    const plain = text(file.items)
    const { rows, rejects } = await fixture.extract({ format, ...declared }, [file.path])
    const lineOf = (needle: string, from = 0): number => plain.slice(0, plain.indexOf(needle, from)).split('\n').length
    const locate = (record: number): Promise<{ line: number | null }> => locateRecord({ path: file.path, member: null, record, source: sourceOf({ format }, [file.path]) }, new AbortController().signal)
    for (const row of await rows('name, _record::INTEGER AS _record')) {
      expect(await locate(Number(row['_record']))).toEqual({ line: lineOf(`name ${String(row['name']).split(' ')[1]}`) })
    }
    const bad = format === 'csv' ? 'x,"multi' : '{"id": 1,\n'
    const [first, second] = await rejects()
    expect([first?.['line'], second?.['line']]).toEqual([lineOf(bad), lineOf(bad, plain.indexOf(bad) + 1)])
    expect(await locate(3)).toEqual({ line: first?.['line'] })
    expect(await locate(7)).toEqual({ line: null })
  })

  it.runIf(format !== 'ndjson')('never takes a cut file for a whole one', async () => {
    const file = await deliver(numbers(50), cut)
    const line: unknown = expect.any(Number)
    const details = isText ? { file: file.name, line } : { file: file.name }
    await expect(fixture.extract({ format, ...declared }, [file.path])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(/truncated input/), details } })
  })

  it('gives the same bytes for the same files', async () => {
    const files = [await deliver([...numbers(500), 'bad']), await deliver(numbers(10, 2000))]
    const [first, second] = [await fixture.extract({ format, ...declared }, paths(files)), await fixture.extract({ format, ...declared }, paths(files))]
    expect(second.result.parts.map(({ sha256 }) => sha256)).toEqual(first.result.parts.map(({ sha256 }) => sha256))
    expect(second.result.contentHash).toBe(first.result.contentHash)
  })

  it('stops when it is cancelled', async () => {
    const file = await deliver(numbers(20_000))
    const controller = new AbortController()
    const extraction = fixture.extract({ format, ...declared }, [file.path], { signal: controller.signal })
    setTimeout(() => controller.abort(), 5)
    await expect(extraction).rejects.toSatisfy((error) => error instanceof Error && (error.name === 'AbortError' || error.message === 'Cancelled'))
  })
})

describe('extract', () => {
  it('refuses a file that changed while it was read', async () => {
    const path = await fixture.write('growing.csv', `id,name\n${'1,x\n'.repeat(400_000)}`)
    const extraction = fixture.extract({ format: 'csv' }, [path], { onLog: () => appendFileSync(path, '2,y\n') })
    await expect(extraction).rejects.toMatchObject({ problem: { code: 'FILE_CHANGED', details: { path } } })
  })

  it('takes file names with characters that mean something to a pattern', async () => {
    const files = ['studies(2).csv', 'data[1].csv', 'what?.csv', 'all*.csv', "it's.csv", 'tab\tname.csv']
    const paths = await Promise.all(files.map((file, index) => fixture.write(join('odd', file), `id\n${index}\n`)))
    const { rows } = await fixture.extract({ format: 'csv' }, paths)
    expect(await rows('id, _file')).toEqual(files.map((file, index) => ({ id: String(index), _file: file })))
  })
})

describe('connector parquet', () => {
  it('takes files as they are, united by name', async () => {
    const duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: fixture.dir })
    const paths = [join(fixture.dir, 'p1.parquet'), join(fixture.dir, 'p2.parquet')]
    await duck.run(`COPY (SELECT i AS id, 'n' || i AS name FROM range(10) r(i)) TO '${paths[0]}' (FORMAT parquet)`)
    await duck.run(`COPY (SELECT 1.5::DECIMAL(5,1) AS price, 7 AS id) TO '${paths[1]}' (FORMAT parquet)`)
    const { result, rows } = await fixture.extract({ format: 'parquet' }, paths)
    expect(result.columns.map((column) => `${column.name} ${column.type}`).slice(0, 3)).toEqual(['id BIGINT', 'name VARCHAR', 'price DECIMAL(5,1)'])
    expect(await rows('id, name, price, _file, _record').then((all) => all.slice(-2))).toEqual([
      { id: '9', name: 'n9', price: null, _file: 'p1.parquet', _record: '10' },
      { id: '7', name: null, price: '1.5', _file: 'p2.parquet', _record: '1' },
    ])
    const many = numbers(66).map((n) => join(fixture.dir, `many-${n}.parquet`))
    for (const [n, path] of many.entries()) await duck.run(`COPY (SELECT i AS id, 'n${n}' AS name FROM range(${n % 2 === 0 ? 10 : 1}) r(i)) TO '${path}' (FORMAT parquet)`)
    duck[Symbol.dispose]()
    const merged = await fixture.extract({ format: 'parquet' }, many)
    expect(merged.result).toMatchObject({ layout: 'stored', records: 33 * 10 + 33 })
    expect(await merged.rows("count(*)::INTEGER AS n, count(DISTINCT _file)::INTEGER AS files, max(_record)::INTEGER AS record")).toEqual([{ n: 363, files: 66, record: 10 }])
  })

  it('refuses a file without its footer', async () => {
    const whole = join(fixture.dir, 'p1.parquet')
    const path = await fixture.write('cut.parquet', (await readFile(whole)).subarray(0, -20))
    await expect(fixture.extract({ format: 'parquet' }, [whole, path])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', details: { file: 'cut.parquet' } } })
  })

  it('says how files differ, takes a name in any case as the same, and refuses types that cannot be united', async () => {
    using duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: fixture.dir })
    const write = async (file: string, select: string): Promise<string> => {
      const path = join(fixture.dir, file)
      await duck.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`)
      return path
    }
    const [whole, text, nested] = [await write('d1.parquet', 'SELECT 1 AS id, 5 AS n'), await write('d2.parquet', "SELECT 2 AS ID, 'x' AS n, true AS more"), await write('d3.parquet', "SELECT 3 AS id, {'a': 1} AS n")]
    const { rows, log } = await fixture.extract({ format: 'parquet' }, [whole, text])
    expect(await rows('id, n, more')).toEqual([{ id: 1, n: '5', more: null }, { id: 2, n: 'x', more: true }])
    expect(log).toEqual(['warn: things: column "n" is INTEGER in d1.parquet, VARCHAR in d2.parquet', 'info: things: column "more" is not in d1.parquet'])
    await expect(fixture.extract({ format: 'parquet' }, [whole, nested])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(/do not go together: column "n" is INTEGER in d1\.parquet, STRUCT/), hint: expect.stringContaining('sources of their own') } })
  })

  it('refuses files whose common type would round a value of one', async () => {
    using duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: fixture.dir })
    const paths = [join(fixture.dir, 'long.parquet'), join(fixture.dir, 'real.parquet'), join(fixture.dir, 'short.parquet')]
    for (const [index, value] of ['9007199254740993::BIGINT', '0.5::DOUBLE', '42::BIGINT'].entries()) await duck.run(`COPY (SELECT ${value} AS n) TO '${paths[index]}' (FORMAT parquet)`)
    const [long = '', real = '', short = ''] = paths
    expect((await fixture.extract({ format: 'parquet' }, [real, short])).result.columns[0]).toMatchObject({ type: 'DOUBLE' })
    await expect(fixture.extract({ format: 'parquet' }, [real, long])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: 'long.parquet: the files do not go together: "n" is BIGINT here, with the other files DOUBLE, which would change 9007199254740993' } })
  })

  it('refuses encrypted, foreign and cut files in words', async () => {
    const whole = await readFile(join(fixture.dir, 'p1.parquet'))
    const encrypted = Buffer.from(whole)
    encrypted.write('PARE', whole.length - 4)
    const long = Buffer.from(whole)
    long.writeUInt32LE(1_000_000, whole.length - 8)
    const cases: [string, Uint8Array, RegExp][] = [['encrypted', encrypted, /the file is encrypted/], ['text', Buffer.from('id,name\n1,x\n'), /no Parquet file/], ['empty', Buffer.alloc(0), /truncated input: the file is empty/], ['head', whole.subarray(0, 4), /truncated input: the Parquet file has no footer/], ['long', long, /truncated input: the footer/]]
    for (const [file, bytes, message] of cases) {
      await expect(fixture.extract({ format: 'parquet' }, [await fixture.write(`${file}.parquet`, bytes)])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message) } })
    }
  })
})

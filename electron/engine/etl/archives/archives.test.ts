import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locateRecord } from '../../query/locate-record.ts'
import { ExtractFixture, sourceOf } from '../extract-fixture.ts'
import { tarOf, zipOf } from './archive-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let count = 0
const deliver = (ending: string, content: Uint8Array): Promise<string> => fixture.write(`a${++count}.${ending}`, content)

const A = 'id,name\n1,x\n2,y\n'
const B = 'id,name\n\n3,"z\nz"\n4,w\nbad,"record",5\n6,v\n'
const ARCHIVES = [
  ['zip', (files: Record<string, string>) => zipOf(files)],
  ['tar', (files: Record<string, string>) => tarOf(files)],
  ['tar.gz', async (files: Record<string, string>) => gzipSync(await tarOf(files))],
  ['tar.zst', async (files: Record<string, string>) => zstdCompressSync(await tarOf(files))],
] as const

describe.each(ARCHIVES)('a %s archive', (ending, archiveOf) => {
  it('is read member by member, and every row says archive, member and record', async () => {
    const path = await deliver(ending, await archiveOf({ 'a.csv': A, 'more/b.csv': B, 'README.md': 'not read', '__MACOSX/a.csv': 'x' }))
    const name = `a${count}.${ending}`
    const { result, rows, rejects, log } = await fixture.extract({ format: 'csv' }, [path])
    expect(await rows('id, _file, _record::INTEGER AS r')).toEqual([
      { id: '1', _file: `${name}/a.csv`, r: 1 },
      { id: '2', _file: `${name}/a.csv`, r: 2 },
      { id: '3', _file: `${name}/more/b.csv`, r: 1 },
      { id: '4', _file: `${name}/more/b.csv`, r: 2 },
      { id: '6', _file: `${name}/more/b.csv`, r: 4 },
    ])
    expect(await rejects()).toMatchObject([{ _file: `${name}/more/b.csv`, _record: 3, line: 6 }])
    expect(result.files).toMatchObject([
      { fileName: name, origin: path, records: 6, loaded: 5, quarantined: 1, members: [{ name: 'a.csv', records: 2, loaded: 2, quarantined: 0 }, { name: 'more/b.csv', records: 4, loaded: 3, quarantined: 1 }] },
    ])
    expect(log.join('\n')).toContain('1 other file in it not read')
    const locate = (member: string, record: number) => locateRecord({ path, member, record, source: sourceOf({ format: 'csv' }, [path]) }, new AbortController().signal)
    expect([await locate('a.csv', 2), await locate('more/b.csv', 1), await locate('more/b.csv', 4), await locate('more/b.csv', 9)]).toEqual([{ line: 3 }, { line: 3 }, { line: 7 }, { line: null }])
  })

  it('gives only the members that the source names', async () => {
    const path = await deliver(ending, await archiveOf({ 'product.xls': 'id\tname\n1\tx\n', 'package.xls': 'n\n9\n', 'notes/product.txt': 'id\tname\n2\ty\n' }))
    const { rows } = await fixture.extract({ format: 'csv', member: ['product*'], csv: { delimiter: '\t' } }, [path])
    expect((await rows('id')).map(({ id }) => id)).toEqual(['1', '2'])
    await expect(fixture.extract({ format: 'csv', member: ['nothing*'] }, [path])).rejects.toMatchObject({
      problem: { code: 'SOURCE_UNREADABLE', message: `a${count}.${ending}: no member of the archive matches nothing*`, hint: expect.stringContaining('product.xls, package.xls') },
    })
  })

  it('is refused where it is cut off', async () => {
    const whole = await archiveOf({ 'a.csv': `id\n${'1\n'.repeat(50_000)}`, 'b.csv': A })
    for (const share of [0.3, 0.6, 0.95]) {
      const path = await deliver(ending, whole.subarray(0, Math.floor(whole.length * share)))
      await expect(fixture.extract({ format: 'csv' }, [path])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(/truncated input/) } })
    }
  })
})

function exchanged(bytes: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(from); at !== -1; at = copy.indexOf(from, at + 1)) copy.write(to, at, 'latin1')
  return copy
}

describe('archives', () => {
  it('are refused by name for members that lead out of them or are there twice', async () => {
    const refused = async (ending: string, content: Uint8Array, word: RegExp) =>
      expect(fixture.extract({ format: 'csv' }, [await deliver(ending, content)])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(word) } })
    for (const [bad, word] of [['../out.csv', /leads out/], ['/etc/out.csv', /absolute|leads out/]] as const) {
      // The writer of zip refuses such names, so a good one of the same length is exchanged for it.
      const good = bad.replaceAll(/[./]/g, 'q')
      await refused('zip', exchanged(await zipOf({ 'a.csv': A, [good]: A }), good, bad), word)
      await refused('tar', await tarOf({ 'a.csv': A, [bad]: A }), word)
    }
    await refused('zip', exchanged(await zipOf({ 'a.csv': A, 'b.csv': A }), 'b.csv', 'a.csv'), /two members called "a.csv"/)
    await refused('tar', Buffer.concat([(await tarOf({ 'a.csv': A })).subarray(0, 1024), await tarOf({ 'a.csv': B })]), /two members called "a.csv"/)
    expect(await readdir(dirname(fixture.dir))).not.toContain('out.csv')
  })

  it('refuses links, encrypted members and archives inside archives', async () => {
    const refused = async (ending: string, content: Uint8Array, word: RegExp) =>
      expect(fixture.extract({ format: 'csv' }, [await deliver(ending, content)])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(word) } })
    await refused('tar', await tarOf({ 'a.csv': A }, { 'passwd.csv': '/etc/passwd' }), /"passwd.csv", which is a link/)
    await refused('zip', await zipOf({ 'a.csv': await zipOf({ 'b.csv': A }) }), /archive inside the archive/)
    const zip = await zipOf({ 'a.csv': A })
    const central = zip.indexOf('PK\u0001\u0002')
    zip.writeUInt16LE(zip.readUInt16LE(central + 8) | 1, central + 8)
    await refused('zip', zip, /"a.csv", which is encrypted/)
  })

  it('refuses an archive that is made to fill the disk, without unpacking it', async () => {
    const lines = Buffer.alloc(150 << 20, 'a,b\n')
    const bombs = [['csv.gz', gzipSync(lines)], ['csv.zst', zstdCompressSync(lines)], ['zip', await zipOf({ 'a.csv': lines })]] as const
    for (const [ending, bomb] of bombs) {
      await expect(fixture.extract({ format: 'csv' }, [await deliver(ending, bomb)])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('more than 250 times its size') } })
    }
  })

  it('reads every frame of a zstd archive and every part of a gzip archive', async () => {
    const [first, second] = ['id,name\n1,x\n', '2,y\n']
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const zst = await deliver('csv.zst', Buffer.concat([zstdCompressSync(first), skippable, zstdCompressSync(second)]))
    const gz = await deliver('csv.gz', Buffer.concat([gzipSync(first), gzipSync(second)]))
    for (const path of [zst, gz]) expect(await (await fixture.extract({ format: 'csv' }, [path])).rows('id')).toEqual([{ id: '1' }, { id: '2' }])
    const cut = await deliver('csv.zst', Buffer.concat([zstdCompressSync(first), zstdCompressSync(second).subarray(0, -3)]))
    await expect(fixture.extract({ format: 'csv' }, [cut])).rejects.toMatchObject({ problem: { message: expect.stringContaining('truncated input: the zstd archive ends early') } })
    const rubbish = await deliver('csv.zst', Buffer.concat([zstdCompressSync(first), Buffer.from('rubbish')]))
    await expect(fixture.extract({ format: 'csv' }, [rubbish])).rejects.toMatchObject({ problem: { message: expect.stringContaining('not a readable zstd archive') } })
  })

  it('knows an archive of text by its content, whatever it is called', async () => {
    const path = await deliver('csv', gzipSync(A))
    expect(await (await fixture.extract({ format: 'csv' }, [path])).rows('id')).toEqual([{ id: '1' }, { id: '2' }])
    const zipped = await deliver('dat', await zipOf({ 'anything.dat': A }))
    expect(await (await fixture.extract({ format: 'csv' }, [zipped])).rows('id')).toEqual([{ id: '1' }, { id: '2' }])
  })

  it('reads packed members, and formats that need a whole file on disk', async () => {
    const inner = await deliver('zip', await zipOf({ 'a.csv.gz': gzipSync(A), 'b.csv': B }))
    expect(await (await fixture.extract({ format: 'csv' }, [inner])).rows('count(*)::INTEGER AS n')).toEqual([{ n: 5 }])
    const { outDir, result } = await fixture.extract({ format: 'csv' }, [await fixture.write('plain.csv', A)])
    const parquet = await readFile(join(outDir, result.parts[0]?.name ?? ''))
    for (const packed of [await deliver('zip', await zipOf({ 'x.parquet': parquet })), await deliver('parquet.gz', gzipSync(parquet))]) {
      expect(await (await fixture.extract({ format: 'parquet' }, [packed])).rows('id')).toEqual([{ id: '1' }, { id: '2' }])
    }
  })

  it('merges an archive of many members', async () => {
    const members = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`m${String(n).padStart(2, '0')}.json`, JSON.stringify({ n })]))
    const path = await deliver('zip', await zipOf(members))
    const { rows, result } = await fixture.extract({ format: 'json' }, [path])
    expect(result).toMatchObject({ layout: 'stored', records: 80 })
    expect(await rows('n::INTEGER AS n, _file')).toEqual(Object.keys(members).map((name, n) => ({ n, _file: `a${count}.zip/${name}` })))
  })
})

const NDC = join(import.meta.dirname, '../../../../../shared/data/ndc/unfinished.zip')
const hasNdc = await readFile(NDC).then(() => true, () => false)

describe.skipIf(!hasNdc)('the unfinished drugs of the FDA (skipped without ../shared/data/ndc)', () => {
  it('come out of their zip as TAB text in files called .xls', async () => {
    await mkdir(join(fixture.dir, 'ndc'), { recursive: true })
    const path = join(fixture.dir, 'ndc/unfinished.zip')
    await writeFile(path, await readFile(NDC))
    const read = (member: string) => fixture.extract({ format: 'csv', member: [member], csv: { delimiter: '\t', quote: '' } }, [path])
    const product = await read('*product.xls')
    const box = await read('*package.xls')
    const width = ({ columns }: { columns: { isProvenance: boolean }[] }): number => columns.filter(({ isProvenance }) => !isProvenance).length
    expect([product.result.records, product.result.rowCount, width(product.result)]).toEqual([21_478, 21_478, 14])
    expect([box.result.records, box.result.rowCount, width(box.result)]).toEqual([35_321, 35_321, 4])
    const words = await product.rows("string_agg(DISTINCT LABELERNAME, '|') AS names, count(*) FILTER (contains(concat_ws('', COLUMNS(*)), chr(65533)))::INTEGER AS lost, min(_file) AS file")
    expect(words[0]).toMatchObject({ lost: 0, file: 'unfinished.zip/unfinished_product.xls' })
    expect(product.log.join('\n')).toContain('windows-1252')
  })
})

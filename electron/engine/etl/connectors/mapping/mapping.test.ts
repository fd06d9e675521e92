import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FieldSpec, RecordMapping, SourceFormat } from '../../../workspace/model.ts'
import { ExtractFixture } from '../../extract-fixture.ts'
import { parseFieldPath, pathText } from './field-path.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const fields = (paths: Record<string, string>): FieldSpec[] => Object.entries(paths).map(([name, path]) => ({ name, path, isList: path.endsWith('[*]') }))
let files = 0
interface Reading {
  format?: SourceFormat
  record?: string
  columns?: Record<string, string>
}
async function read(text: string, mapping: RecordMapping, { format = 'json', record, columns = {} }: Reading = {}) {
  const path = await fixture.write(`map ${++files}.${format}`, text)
  return fixture.extract({ format, mapping, columns, ...(record === undefined ? {} : { record }) }, [path])
}
const plain = async (reading: ReturnType<typeof read>): Promise<Record<string, unknown>[]> => (await reading).rows('* EXCLUDE (_file)')

describe('declared fields', () => {
  it('take values from anywhere in a record, in their order, whether or not a record has them', async () => {
    const text = '[{"id": 9007199254740993, "a": {"b": "x", "c d": 1.5}}, {"id": 2, "a": {"b": null}}, {"a": {"e": true}}]'
    const extraction = await read(text, { fields: fields({ id: '$.id', b: '$.a.b', c: '$.a["c d"]', never: '$.a.z' }), child: null })
    expect(extraction.result.columns.map(({ name, type }) => `${name} ${type}`).slice(0, 4)).toEqual(['id BIGINT', 'b VARCHAR', 'c DOUBLE', 'never VARCHAR'])
    expect(await extraction.rows('id, b, c, never, _record')).toEqual([
      { id: '9007199254740993', b: 'x', c: 1.5, never: null, _record: '1' },
      { id: '2', b: null, c: null, never: null, _record: '2' },
      { id: null, b: null, c: null, never: null, _record: '3' },
    ])
  })

  it('make one thing a list of one where a list is declared, and say how often it was which', async () => {
    const mapping = { fields: fields({ tags: '$.tags[*]', names: '$.people[*].name' }), child: null }
    const extraction = await read('[{"tags": ["a", "b"], "people": [{"name": "x"}, {"name": "y"}]}, {"tags": "c", "people": {"name": "z"}}, {"tags": null}, {}]', mapping)
    expect(await extraction.rows('tags::VARCHAR AS tags, names::VARCHAR AS names')).toEqual([{ tags: '["a","b"]', names: '["x","y"]' }, { tags: '["c"]', names: '"z"' }, { tags: '[]', names: null }, { tags: null, names: null }])
    expect(extraction.log).toContain('warn: things: $.tags is 1 list, 1 single value, 1 null, 1 absent')
  })

  it('send a value that does not fit its type to quarantine, also where several came instead of one', async () => {
    const extraction = await read('[{"n": 1}, {"n": "many"}, {"n": [1, 2]}]', { fields: fields({ n: '$.n' }), child: null }, { columns: { n: 'INTEGER' } })
    expect(extraction.result).toMatchObject({ records: 3, rowCount: 1, quarantined: 2 })
    expect((await extraction.rejects()).map(({ _record }) => _record)).toEqual([2, 3])
  })

  it('reject what is no record as without them', async () => {
    const extraction = await read('{"n": 1}\nnot json\n[1]\n{"n": 2}\n', { fields: fields({ n: '$.n' }), child: null }, { format: 'ndjson' })
    expect(extraction.result).toMatchObject({ records: 4, rowCount: 2, quarantined: 2 })
    expect((await extraction.rejects()).map(({ _record, line }) => [_record, line])).toEqual([[2, 2], [3, 3]])
  })
})

describe('children', () => {
  const child = (record: string, keys: Record<string, string> = {}): RecordMapping['child'] => ({ record, keys: fields(keys) })

  it('are rows of their own, with the keys and the record of their parent', async () => {
    const text = '[{"id": "a", "x": {"list": [{"n": 1}, {"n": 2}]}}, {"id": "b"}, {"id": "c", "x": {"list": {"n": 3}}}, {"id": "d", "x": {"list": []}}]'
    const extraction = await read(text, { fields: fields({ n: '$.n' }), child: child('$.x.list', { id: '$.id' }) })
    expect(await extraction.rows('parent_record, id, n, _record')).toEqual([
      { parent_record: '1', id: 'a', n: '1', _record: '1' },
      { parent_record: '1', id: 'a', n: '2', _record: '2' },
      { parent_record: '3', id: 'c', n: '3', _record: '3' },
    ])
    expect(extraction.log).toContain('warn: things: $.x.list is 2 list, 1 object, 1 absent')
  })

  it('may be plain values, and may be inside a wrapper or not', async () => {
    expect(await plain(read('[{"t": ["a", null]}]', { fields: fields({ t: '$' }), child: child('$.t[*]') }))).toMatchObject([{ t: 'a' }, { t: null }])
    const both = '[{"refs": [{"ref": {"s": 1}}]}, {"refs": [{"s": 2}, {"s": 3}]}, {"refs": {"ref": [{"s": 4}]}}]'
    expect(await plain(read(both, { fields: fields({ s: '$.s' }), child: child('$.refs[*].ref?[*]') }))).toMatchObject([{ s: '1' }, { s: '2' }, { s: '3' }, { s: '4' }])
  })

  it('come out of XML by the same paths, written as there', async () => {
    const text = '<list><d id="1"><syn><s lang="en">A</s><s lang="de">B</s></syn></d><d id="2"><syn><s lang="en">C</s></syn></d><d id="3"/></list>'
    const rows = await plain(read(text, { fields: fields({ lang: '@lang', text: '#text' }), child: child('syn/s', { id: '@id' }) }, { format: 'xml', record: 'list/d' }))
    expect(rows).toMatchObject([{ id: '1', lang: 'en', text: 'A' }, { id: '1', lang: 'de', text: 'B' }, { id: '2', lang: 'en', text: 'C' }])
  })

  it('are an empty table where there are none', async () => {
    const { result } = await read('[{"id": 1}]', { fields: fields({ n: '$.n' }), child: child('$.list[*]') })
    expect(result).toMatchObject({ records: 0, rowCount: 0 })
    expect(result.columns.map(({ name }) => name)).toEqual(['parent_record', 'n', '_file', '_record'])
  })

  it('are as many as there are, whatever the shape of each record (property)', async () => {
    const element = fc.integer({ min: 0, max: 99 }).map((n) => ({ n }))
    const shape = fc.oneof(fc.constant(undefined), fc.constant(null), element, fc.array(element, { maxLength: 4 }))
    await fc.assert(
      fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 20 }), async (shapes) => {
        const truth = shapes.flatMap((value, index) => [value ?? []].flat().map(({ n }) => ({ parent_record: String(index + 1), n: String(n) })))
        const { rows, result } = await read(JSON.stringify(shapes.map((list) => ({ list }))), { fields: fields({ n: '$.n' }), child: child('$.list') }, { columns: { n: 'BIGINT' } })
        expect(await rows('parent_record, n')).toEqual(truth)
        expect(result).toMatchObject({ records: truth.length, quarantined: 0 })
      }),
      { numRuns: 10, seed: 5 },
    )
  })

  it('are rejected with a parent that is no record', async () => {
    const { result } = await read('{"l": [{"n": 1}]}\nnonsense\n{"l": [{"n": 2}, {"n": 3}]}\n', { fields: fields({ n: '$.n' }), child: child('$.l') }, { format: 'ndjson' })
    expect(result).toMatchObject({ records: 4, rowCount: 3, quarantined: 1 })
  })
})

it('paths are read as they are written', () => {
  for (const text of ['$', '$.a.b', '$.a[*].b?[*]', '$."a b".c']) expect(pathText(parseFieldPath(text, false))).toBe(text)
  for (const [text, isXml] of [['a.b', false], ['$.a[0]', false], ['$.', false], ['a//b', true], ['', true]] as const) expect(() => parseFieldPath(text, isXml)).toThrow(/cannot be read/)
})

const DATA = join(import.meta.dirname, '../../../../../../shared/data')
if (!existsSync(DATA)) console.log(`Skipped: no real data at ${DATA}`)

describe.runIf(existsSync(DATA))('real documents', () => {
  const all = (folder: string): string[] => readdirSync(join(DATA, folder)).filter((name) => name.endsWith('.json')).sort().map((name) => join(DATA, folder, name))

  it('ClinicalTrials.gov: 24, 2,083 and 380 locations of 1, 50 and 10 studies', async () => {
    const mapping: RecordMapping = { fields: fields({ facility: '$.facility', city: '$.city', country: '$.country' }), child: { record: '$.protocolSection.contactsLocationsModule.locations[*]', keys: fields({ nct_id: '$.protocolSection.identificationModule.nctId' }) } }
    const { result, rows } = await fixture.extract({ format: 'json', record: '$[*]', mapping }, all('clinicaltrials-gov'))
    expect(result.files.map(({ fileName, records }) => [fileName, records])).toEqual([['ctg-studies(2).json', 24], ['ctg-studies(5).json', 2083], ['ctg-studies.json', 380]])
    expect(await rows('count(DISTINCT nct_id)::INTEGER > 10 AS many, count(*) FILTER (nct_id IS NULL)::INTEGER AS without, count(*) FILTER (country IS NULL)::INTEGER AS nowhere')).toEqual([{ many: true, without: 0, nowhere: 0 }])
  })

  it('Orphanet: both shapes of prevalences and of references', async () => {
    const keys = fields({ code: '$.ORPHAcode' })
    const child = (record: string, paths: Record<string, string>) => fixture.extract({ format: 'json', record: '$.Orphapacket', mapping: { fields: fields(paths), child: { record, keys } } }, all('orphanet'))
    const prevalences = await child('$.Prevalences[*].Prevalence[*]', { type: '$.PrevalenceType.value', value: '$.ValMoy' })
    const references = await child('$.ExternalReferences[*].ExternalReference?[*]', { source: '$.Source', reference: '$.Reference' })
    expect(await prevalences.rows('count(*)::INTEGER AS n, count(DISTINCT code)::INTEGER AS packets, count(type)::INTEGER AS types')).toEqual([{ n: expect.any(Number), packets: 34, types: expect.any(Number) }])
    expect(await references.rows('count(DISTINCT code)::INTEGER AS packets, count(*) FILTER (source IS NULL)::INTEGER AS without')).toEqual([{ packets: 32, without: 0 }])
    expect(prevalences.log).toContain('warn: things: $.Prevalences is 26 list, 8 object, 26 absent')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../../extract-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let count = 0
async function read(content: string | Uint8Array, declared: Partial<Parameters<ExtractFixture['extract']>[0]> = {}) {
  return fixture.extract({ format: 'xml', ...declared }, [await fixture.write(`${++count}.xml`, content)])
}

describe('XML', () => {
  it('makes attributes @name, repeated children lists, text beside others #text', async () => {
    const { rows } = await read(`<?xml version="1.0"?>
      <doc><skip/><x:r xmlns:x="urn:x" x:id="7" lang="en"><a>one</a><a>two</a><b unit="kg"> 5 </b><c><d/></c><e/><f>  </f><g><![CDATA[<raw>]]> &amp; more</g></x:r>
      <r id="8"><a>only</a>mixed</r></doc>`)
    expect(await rows('"@id", "@lang", a, b, c, e, f, g, "#text"')).toEqual([
      { '@id': null, '@lang': null, a: null, b: null, c: null, e: null, f: null, g: null, '#text': null },
      { '@id': '7', '@lang': 'en', a: '["one","two"]', b: '{"@unit":"kg","#text":"5"}', c: '{"d":null}', e: null, f: null, g: '<raw> & more', '#text': null },
      { '@id': '8', '@lang': null, a: '"only"', b: null, c: null, e: null, f: null, g: null, '#text': 'mixed' },
    ])
  })

  it('takes the elements at the record path, and forces lists', async () => {
    const { rows, result } = await read('<l><g><i><n>1</n><k>a</k></i></g><i><n>9</n></i><g><i><n>2</n><k>b</k><k>c</k></i></g></l>', { record: 'l/g/i', lists: ['k'] })
    expect(await rows('n, k, _record::INTEGER AS r')).toEqual([{ n: '1', k: '["a"]', r: 1 }, { n: '2', k: '["b","c"]', r: 2 }])
    expect(result.columns[0]?.type).toBe('VARCHAR')
  })

  it('reads records inside records as part of the outer one', async () => {
    const { rows } = await read('<t><node><id>1</id><node><id>2</id></node></node></t>', { record: 't/node' })
    expect(await rows('id, node')).toEqual([{ id: '1', node: '{"id":"2"}' }])
  })

  it('reads the encoding that the document declares', async () => {
    const { rows } = await read(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><d><r><a>caf\xe9</a></r></d>', 'latin1'))
    expect(await rows('a')).toEqual([{ a: 'café' }])
    const utf16 = await read(Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><d><r><a>ž</a></r></d>', 'utf16le'))
    expect(await utf16.rows('a')).toEqual([{ a: 'ž' }])
  })

  it.each([
    ['<d>\n<r><a>1</b></r></d>', 2, /malformed XML/],
    ['<d>\n<r><a>1</a></r>\n', 3, /truncated input: the XML ends inside <d>/],
    ['<d>\n<r>&nope;</r></d>', 2, /malformed XML/],
    ['<!DOCTYPE d [\n<!ENTITY x "y">]>\n<d><r>&x;</r></d>', 2, /declares entities/],
    ['', 1, /malformed XML|empty/],
  ])('refuses %j, naming the line', async (content, line, message) => {
    await expect(read(content)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message), details: { line } } })
  })
})

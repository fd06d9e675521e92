import { describe, expect, it } from 'vitest'
import { FindingList } from './finding-list.ts'
import { pipelineFileSchema } from './pipeline-file.schema.ts'
import { readWithSchema } from './schema-reading.ts'
import { readSource } from './source-spec.ts'
import { parseYaml } from './yaml-document.ts'

function read(lines: string) {
  const findings = new FindingList()
  const document = parseYaml('pipelines/trials/pipeline.yaml', `sources:\n  things:\n${lines.replaceAll(/^/gm, '    ')}\n`, findings)
  const pipeline = readWithSchema(document, pipelineFileSchema, findings)
  const source = pipeline?.sources?.['things']
  return { source: source === undefined ? null : readSource({ name: 'things', source, parameters: [], document, findings }), told: findings.sorted().map(({ code, message }) => `${code}: ${message}`) }
}

describe('a source of text in pipeline.yaml', () => {
  it('says encoding, members, skip rules and ways to write values', () => {
    const { source, told } = read(
      "files: inbox/ndc.zip\nmember: '*product.xls'\nformat: tsv\nencoding: CP1252\nragged: fill\nskip_footer: 2\ncomment: '--'\nskip: { totals: { pattern: ^TOTAL }, tests: status = 'x' }\ncolumns:\n  id: INTEGER\n  price: { decimal: ',', thousands: '.', type: 'DECIMAL(10,2)' }\n  day: { format: '%d.%m.%Y' }\n  ok: { true_text: [t], false_text: f }",
    )
    expect(told).toEqual([])
    expect(source).toMatchObject({
      member: ['*product.xls'],
      encoding: 'windows-1252',
      csv: { delimiter: '\t', ragged: 'fill', skipFooter: 2, comment: '--' },
      skip: [{ name: 'totals', pattern: '^TOTAL' }, { name: 'tests', where: "status = 'x'" }],
      columns: { id: 'INTEGER', price: 'DECIMAL(10,2)', day: 'DATE', ok: 'BOOLEAN' },
      formats: { price: { decimal: ',', thousands: '.' }, day: { dates: ['%d.%m.%Y'] }, ok: { trueText: ['t'], falseText: ['f'] } },
    })
  })

  it('tells the format of archives by their member', () => {
    expect(read("files: inbox/a.zip\nmember: '*.xml'").source?.format).toBe('xml')
    expect(read('files: inbox/a.json.zst').source?.format).toBe('json')
  })

  it('places columns of fixed width one behind the other', () => {
    const { source, told } = read('files: inbox/a.txt\nformat: fixed\ncolumns:\n  id: { type: INTEGER, width: 6 }\n  name: { start: 9, width: 30 }\n  last: { width: 2 }')
    expect(told).toEqual([])
    expect(source?.fixed).toEqual([{ name: 'id', start: 1, width: 6 }, { name: 'name', start: 9, width: 30 }, { name: 'last', start: 39, width: 2 }])
  })

  it('is refused at its place where it means nothing', () => {
    expect(read('files: a.csv\nencoding: klingon').told).toEqual(['invalid-value: "klingon" is no encoding that can be read'])
    expect(read("files: a.csv\nskip: { x: { pattern: '(' } }").told).toEqual([expect.stringMatching(/^invalid-pattern: "\(" is no regular expression/)])
    expect(read("files: a.csv\ncolumns: { a: { type: DATE, decimal: ',' } }").told).toEqual(['invalid-value: decimal, thousands, strip and percent are for numbers, and "a" is DATE'])
    expect(read("files: a.csv\ncolumns: { a: { thousands: '.' } }").told).toEqual(['invalid-value: "thousands" and "decimal" of "a" are the same character'])
    expect(read('files: a.csv\ncolumns: { a: { width: 3 } }').told).toEqual(['invalid-value: "start" and "width" of "a" are for format: fixed'])
    expect(read('files: a.txt\nformat: fixed\ncolumns: { a: INTEGER }').told).toEqual(['invalid-value: a source of fixed width needs its columns, each with a width', 'invalid-value: "a" needs a width: how many characters it takes'])
    expect(read('files: a.json\nragged: fill').told).toEqual([expect.stringMatching(/^option-not-for-format/)])
  })
})

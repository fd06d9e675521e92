import { writeFileSync } from 'node:fs'
import { makeZip } from '../electron/engine/etl/connectors/xlsx/test-workbook.ts'

/** node make-workbook.ts <path> <rows>: a sheet of ten columns as Excel writes it. A process of its own, so that its memory is not in the figures. */

const [, , path = '', rows = '0'] = process.argv
const WORDS = 20_000
const BATCH = 10_000
const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const NAMES = ['id', 'name', 'amount', 'colour', 'day', 'at', 'count', 'share', 'flag', 'note']

const pieces: Buffer[] = [Buffer.from(`<worksheet ${NS}><sheetData><row r="1">${NAMES.map((name, index) => `<c r="${'ABCDEFGHIJ'[index]}1" t="inlineStr"><is><t>${name}</t></is></c>`).join('')}</row>`)]
for (let from = 0; from < Number(rows); from += BATCH) {
  let text = ''
  for (let i = from; i < Math.min(from + BATCH, Number(rows)); i++) {
    const r = i + 2
    const shared = (column: string, index: number): string => `<c r="${column}${r}" t="s"><v>${index % WORDS}</v></c>`
    const number = (column: string, value: number, style = ''): string => `<c r="${column}${r}"${style}><v>${value}</v></c>`
    text += `<row r="${r}" spans="1:10">${number('A', i)}${shared('B', i * 7919)}${number('C', (i * 31 % 100_000) / 100)}${shared('D', i % 7)}${number('E', 40_000 + (i % 5_000), ' s="1"')}${number('F', 45_000 + (i % 86_400) / 86_400, ' s="2"')}${number('G', i % 97)}${number('H', (i % 100) / 100, ' s="3"')}<c r="I${r}" t="b"><v>${i % 2}</v></c><c r="J${r}" t="inlineStr"><is><t>note ${i} &amp; more</t></is></c></row>`
  }
  pieces.push(Buffer.from(text))
}
pieces.push(Buffer.from('</sheetData></worksheet>'))

writeFileSync(path, makeZip({
  '_rels/.rels': `<Relationships ${RELATIONS}><Relationship Id="rId1" Type="${TYPE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook ${NS} xmlns:r="${TYPE}"><sheets><sheet name="Rows" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships ${RELATIONS}>${['worksheet', 'styles', 'sharedStrings'].map((type, index) => `<Relationship Id="rId${index + 1}" Type="${TYPE}/${type}" Target="${['worksheets/sheet1.xml', 'styles.xml', 'sharedStrings.xml'][index]}"/>`).join('')}</Relationships>`,
  'xl/styles.xml': `<styleSheet ${NS}><cellXfs>${[0, 14, 22, 9].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
  'xl/sharedStrings.xml': `<sst ${NS}>${Array.from({ length: WORDS }, (_, index) => `<si><t>word ${index} é</t></si>`).join('')}</sst>`,
  'xl/worksheets/sheet1.xml': Buffer.concat(pieces),
}))

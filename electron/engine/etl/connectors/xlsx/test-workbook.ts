import { crc32, deflateRawSync } from 'node:zlib'
import { columnLetters } from './cell-reference.ts'

/** Workbooks for tests, written by hand so that every peculiarity can be had. */

/** A value, or the inside of a `<c>` element with its attributes: `{ xml: ' t="e"', inner: '<v>#N/A</v>' }`. */
export type TestCell = string | number | boolean | null | { xml: string; inner: string }

export interface TestSheet {
  name: string
  rows: TestCell[][]
  state?: 'hidden' | 'veryHidden'
  /** Ranges. */
  merged?: string[]
}

export interface TestBook {
  sheets: TestSheet[]
  is1904?: boolean
  /** Number formats; the style of a cell is the position here plus 1. */
  formats?: string[]
  /** Insides of `<si>`. */
  shared?: string[]
}

/** @returns the file */
export function makeWorkbook(book: TestBook): Buffer {
  return makeZip(workbookParts(book))
}

/** The parts of the archive, by name. */
export function workbookParts({ sheets, is1904 = false, formats = [], shared = [] }: TestBook): Record<string, string> {
  const ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = (targets: [string, string][]): string =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets.map(([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${relation}/${type}" Target="${target}"/>`).join('')}</Relationships>`
  const tabs = sheets.map(({ name, state }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${index + 1}"/>`)
  return {
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook ${ns} xmlns:r="${relation}"><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${tabs.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([...sheets.map((_, index): [string, string] => ['worksheet', `worksheets/sheet${index + 1}.xml`]), ['styles', 'styles.xml'], ['sharedStrings', 'sharedStrings.xml']]),
    'xl/styles.xml': `<styleSheet ${ns}><numFmts>${formats.map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${escapeXml(code)}"/>`).join('')}</numFmts><cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${200 + index}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst ${ns}>${shared.map((inner) => `<si>${inner}</si>`).join('')}</sst>`,
    ...Object.fromEntries(sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet, ns)])),
  }
}

function sheetXml({ rows, merged = [] }: TestSheet, ns: string): string {
  const lines = rows.map((cells, row) => `<row r="${row + 1}">${cells.map((cell, column) => cellXml(cell, `${columnLetters(column + 1)}${row + 1}`)).join('')}</row>`)
  const merges = merged.length === 0 ? '' : `<mergeCells count="${merged.length}">${merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet ${ns}><sheetData>${lines.join('')}</sheetData>${merges}</worksheet>`
}

function cellXml(cell: TestCell, reference: string): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${reference}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (typeof cell === 'object') return `<c r="${reference}"${cell.xml}>${cell.inner}</c>`
  return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escapeText(cell)}</t></is></c>`
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** As Excel does: what XML cannot hold, and what looks like an escape, is written `_x0000_`. */
export function escapeText(text: string): string {
  const written = [...text.replaceAll(/_x[0-9A-Fa-f]{4}_/g, (escape) => `_x005F${escape}`)].map((char) => {
    const code = char.codePointAt(0) ?? 0
    const isBad = (code < 32 && code !== 9 && code !== 10) || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff
    return isBad ? `_x${code.toString(16).toUpperCase().padStart(4, '0')}_` : char
  })
  return escapeXml(written.join(''))
}

/** A zip archive of deflated parts (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). */
export function makeZip(parts: Readonly<Record<string, string | Buffer>>): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const nameBytes = Buffer.from(name)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(8, 4)
    facts.writeUInt32LE(crc32(bytes), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(bytes.length, 18)
    facts.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, nameBytes, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, tail, nameBytes]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end])
}

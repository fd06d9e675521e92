import { posix } from 'node:path'
import { SaxesParser } from 'saxes'
import { unreadable } from '../../source-problem.ts'
import { feedXml } from './feed-xml.ts'
import { builtInMeaning, formatMeaning, type NumberMeaning } from './number-format.ts'
import { localName, SharedStrings } from './shared-strings.ts'
import { ZipParts } from './zip-parts.ts'

export interface Sheet {
  name: string
  /** Of the part in the archive. */
  part: string
  isHidden: boolean
}

export interface Workbook extends Disposable {
  /** Name of the delivered file. */
  file: string
  parts: ZipParts
  /** In the order of the tabs. Charts are left out. */
  sheets: Sheet[]
  /** Days count from 1904 instead of 1900. */
  is1904: boolean
  /** By the style number of a cell. */
  meanings: NumberMeaning[]
  strings: SharedStrings
}

type Element = { name: string; attributes: Map<string, string>; parent: string | null }

/** Opens a workbook: its sheets, what its styles mean, its texts. The cells are read sheet by sheet. */
export async function openWorkbook(path: string, file: string, signal: AbortSignal): Promise<Workbook> {
  const parts = await ZipParts.open(path, file)
  try {
    const main = await mainPart({ parts, file, signal })
    const relations = await relationsOf(main, { parts, file, signal })
    const strings = [...relations.values()].find(({ type }) => type === 'sharedStrings')
    return {
      file,
      parts,
      ...(await readWorkbook(main, relations, { parts, file, signal })),
      meanings: await readStyles([...relations.values()].find(({ type }) => type === 'styles')?.target ?? null, { parts, file, signal }),
      strings: strings === undefined ? new SharedStrings() : await SharedStrings.read(parts, { path: strings.target, file, signal }),
      [Symbol.dispose]: () => parts[Symbol.dispose](),
    }
  } catch (error) {
    parts[Symbol.dispose]()
    throw error
  }
}

interface Reading {
  parts: ZipParts
  file: string
  signal: AbortSignal
}

async function elements(part: string, { parts, file, signal }: Reading): Promise<Element[]> {
  const found: Element[] = []
  const open: string[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const own = localName(name)
    found.push({ name: own, attributes: new Map(Object.entries(attributes).map(([key, value]) => [localName(key), String(value)])), parent: open.at(-1) ?? null })
    open.push(own)
  })
  parser.on('closetag', () => void open.pop())
  await feedXml({ parts, part, parser, file, signal })
  return found
}

interface Relation {
  type: string
  target: string
}

async function relationsOf(part: string, reading: Reading): Promise<Map<string, Relation>> {
  const folder = posix.dirname(part)
  const path = posix.join(folder, '_rels', `${posix.basename(part)}.rels`)
  if (!reading.parts.has(path)) return new Map()
  const relations = (await elements(path, reading)).flatMap(({ name, attributes }): [string, Relation][] => {
    const [id, type, target] = [attributes.get('Id'), attributes.get('Type'), attributes.get('Target')]
    if (name !== 'Relationship' || id === undefined || type === undefined || target === undefined || attributes.get('TargetMode') === 'External') return []
    return [[id, { type: type.slice(type.lastIndexOf('/') + 1), target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target) }]]
  })
  return new Map(relations)
}

async function mainPart(reading: Reading): Promise<string> {
  const { parts, file } = reading
  if (parts.has('mimetype') && parts.has('content.xml')) {
    throw unreadable('this is an OpenDocument spreadsheet (.ods), which is not read', { file, hint: 'Save it as .xlsx, or as CSV' })
  }
  const main = [...(await relationsOf('', reading)).values()].find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  if (main.endsWith('.bin')) throw unreadable('this is a binary workbook (.xlsb), which is not read', { file, hint: 'Save it as .xlsx, or as CSV' })
  if (!parts.has(main) || !/workbook|xl\//i.test(main)) throw unreadable('this is a zip archive, but no workbook', { file, hint: 'Check the file; the source expects .xlsx' })
  return main
}

async function readWorkbook(main: string, relations: ReadonlyMap<string, Relation>, reading: Reading): Promise<Pick<Workbook, 'sheets' | 'is1904'>> {
  const found = await elements(main, reading)
  const sheets = found.flatMap(({ name, parent, attributes }): Sheet[] => {
    if (name !== 'sheet' || parent !== 'sheets') return []
    const relation = relations.get(attributes.get('id') ?? '')
    if (relation?.type !== 'worksheet') return []
    return [{ name: attributes.get('name') ?? '', part: relation.target, isHidden: (attributes.get('state') ?? 'visible') !== 'visible' }]
  })
  const properties = found.find(({ name }) => name === 'workbookPr')
  return { sheets, is1904: isOn(properties?.attributes.get('date1904')) }
}

function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on'
}

async function readStyles(part: string | null, reading: Reading): Promise<NumberMeaning[]> {
  if (part === null || !reading.parts.has(part)) return []
  const found = await elements(part, reading)
  const own = new Map<number, NumberMeaning>()
  for (const { name, attributes, parent } of found) {
    if (name === 'numFmt' && parent === 'numFmts') own.set(Number(attributes.get('numFmtId')), formatMeaning(attributes.get('formatCode') ?? ''))
  }
  return found.flatMap(({ name, attributes, parent }) => {
    if (name !== 'xf' || parent !== 'cellXfs') return []
    const id = Number(attributes.get('numFmtId') ?? 0)
    return [own.get(id) ?? builtInMeaning(id)]
  })
}

import type { Declaration, Doubt, FindingOut } from '../../../../shared/contract/ingest.contract.ts'
import { type DelimitedShape, readDelimited, singleColumn } from './delimited-shape.ts'
import type { SourceDraft, TextContent } from './source-draft.ts'
import type { FileGlimpse } from './file-glimpse.ts'
import { isFixedWidth } from './fixed-width.ts'

const NAMES: Readonly<Record<string, string>> = { ',': 'comma', '\t': 'tab', ';': 'semicolon', '|': 'pipe', ' ': 'space' }

export function delimiterWord(delimiter: string): string {
  return NAMES[delimiter] ?? (delimiter < ' ' ? `U+${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}` : delimiter)
}

/** Names that are longer than a title would be, or sentences, are no table of one column. */
const LONG_LINE = 200
const UNSURE = 0.75
const SURE_ENCODING = 0.8

export function draftDelimited({ encoding }: TextContent, { isWhole, name }: Pick<FileGlimpse, 'isWhole' | 'name'>): SourceDraft {
  const { text } = encoding
  const shape = readDelimited(text, isWhole)
  const table = shapeOfTable(text, isWhole, shape)
  if ('cannot' in table) return table
  const header = table.header
  const declaration = declarationOf(table, encoding.isGuess ? encoding.name : null)
  const names = header.isHeader ? header.first.map((field) => field.trim().toLowerCase()) : [`${table.width} columns`]
  return {
    format: 'csv',
    cannot: null,
    declaration,
    found: [
      { about: 'encoding', value: encoding.name, evidence: encoding.evidence, confidence: encoding.confidence },
      delimiterFinding(table, shape === null),
      { about: 'quote', value: table.hasQuotes ? table.dialect.quote : 'none', evidence: quoteEvidence(table, text), confidence: table.hasQuotes ? 0.95 : 0.9 },
      { about: 'header', value: header.isHeader ? 'first record' : 'none', evidence: header.evidence, confidence: header.confidence },
      ...frameFindings(table),
    ],
    doubts: [...delimiterDoubts(table), ...headerDoubts(table), ...encodingDoubts(encoding), ...footerDoubts(table, name)],
    recordPaths: [],
    headerNames: header.isHeader ? header.first : null,
    likeness: JSON.stringify(['csv', table.dialect.delimiter, names]),
  }
}

/** A table of one column is one too; lines that do not line up in any way are none. */
function shapeOfTable(text: string, isWhole: boolean, shape: DelimitedShape | null): DelimitedShape | SourceDraft {
  const mayAlign = shape === null || shape.dialect.delimiter === ' '
  if (mayAlign && isFixedWidth(text)) return noTable('fixed', 'It is text in columns of fixed width; declare their places in pipeline.yaml')
  if (shape === null && !isOneColumn(text)) return noTable('text', 'It is plain text: nothing in it separates columns')
  return shape ?? singleColumn(text, isWhole)
}

function noTable(format: string, cannot: string): SourceDraft {
  return { format, cannot, declaration: {}, found: [], doubts: [], recordPaths: [], headerNames: null, likeness: format }
}

function isOneColumn(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  return lines.length > 0 && lines.every((line) => line.length < LONG_LINE) && lines.filter((line) => line.trim().split(/\s+/).length > 4).length < lines.length / 4
}

function declarationOf({ dialect, hasQuotes, header, preamble, comment }: DelimitedShape, encoding: string | null): Declaration {
  return {
    format: 'csv',
    delimiter: NAMES[dialect.delimiter] ?? dialect.delimiter,
    ...(dialect.quote === '' ? { quote: 'none' } : dialect.quote === "'" ? { quote: "'" } : {}),
    ...(hasQuotes && dialect.escape === '\\' ? { escape: '\\' } : {}),
    ...(header.isHeader ? {} : { header: false }),
    ...(encoding === null ? {} : { encoding }),
    ...(comment === null ? (preamble.length > 0 ? { skip_lines: preamble.length } : {}) : { comment }),
  }
}

function delimiterFinding({ dialect, width, share, looked }: DelimitedShape, isSingle: boolean): FindingOut {
  if (isSingle) return { about: 'delimiter', value: 'none', evidence: 'nothing separates fields: one column', confidence: 0.7 }
  const count = Math.round(share * looked)
  return { about: 'delimiter', value: delimiterWord(dialect.delimiter), evidence: `${count.toLocaleString('en')} of ${looked.toLocaleString('en')} records have ${width} fields`, confidence: share }
}

function quoteEvidence({ hasQuotes, dialect }: DelimitedShape, text: string): string {
  if (hasQuotes) return dialect.escape === '\\' ? 'quoted fields, a backslash before quotes inside them' : 'quoted fields, quotes inside them doubled'
  return text.includes('"') ? 'quotes stand inside fields, where they enclose nothing' : 'there are no quotes'
}

function frameFindings({ preamble, comment, footer }: DelimitedShape): FindingOut[] {
  const found: FindingOut[] = []
  if (preamble.length > 0) found.push({ about: comment === null ? 'skip_lines' : 'comment', value: comment ?? String(preamble.length), evidence: `before the table: ${JSON.stringify(preamble[0]?.slice(0, 80) ?? '')}`, confidence: 0.8 })
  if (footer.length > 0) found.push({ about: 'footer', value: `${footer.length} lines`, evidence: `after the table: ${JSON.stringify(footer[0]?.slice(0, 80) ?? '')}`, confidence: 0.7 })
  return found
}

function delimiterDoubts({ rival, dialect, width, share }: DelimitedShape): Doubt[] {
  if (rival === null) return []
  const choice = (delimiter: string, fields: number): Doubt['choices'][number] => ({ label: `${delimiterWord(delimiter)}: ${fields} fields`, change: { delimiter: NAMES[delimiter] ?? delimiter } })
  return [{
    about: 'delimiter',
    text: `Two delimiters fit nearly alike: ${delimiterWord(dialect.delimiter)} in ${percent(share)} of the records, ${delimiterWord(rival.dialect.delimiter)} in ${percent(rival.share)}`,
    choices: [choice(dialect.delimiter, width), choice(rival.dialect.delimiter, rival.width)],
  }]
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share === 1 || share < 0.995 ? 0 : 2)}%`
}

function headerDoubts({ header }: DelimitedShape): Doubt[] {
  if (header.confidence >= UNSURE) return []
  const named = { label: `the first record names the columns: ${header.first.slice(0, 4).join(', ')}`, change: { header: true } }
  const data = { label: 'the first record is data', change: { header: false } }
  return [{ about: 'header', text: `Whether the first record names the columns is not sure: ${header.evidence}`, choices: header.isHeader ? [named, data] : [data, named] }]
}

function encodingDoubts({ name, confidence, isGuess, others }: TextContent['encoding']): Doubt[] {
  if (!isGuess || (confidence > SURE_ENCODING && others.every((other) => other.confidence < confidence / 2))) return []
  const choices = [{ encoding: name, confidence }, ...others.slice(0, 3)].map((one) => ({ label: `${one.encoding}, ${percent(one.confidence)}`, change: { encoding: one.encoding } }))
  return [{ about: 'encoding', text: 'The text is not UTF-8, and its bytes do not say what else; statistics do, with these shares of certainty', choices }]
}

function footerDoubts({ footer }: DelimitedShape, name: string): Doubt[] {
  if (footer.length === 0) return []
  return [{ about: 'footer', text: `The last ${footer.length === 1 ? 'line' : `${footer.length} lines`} of ${name} ${footer.length === 1 ? 'is' : 'are'} built differently and would go to quarantine: ${JSON.stringify(footer[0]?.slice(0, 80) ?? '')}`, choices: [] }]
}

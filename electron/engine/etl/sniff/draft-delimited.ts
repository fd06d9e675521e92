import type { Declaration, Doubt, FindingOut } from '../../../../shared/contract/ingest.contract.ts'
import type { CsvDialect } from '../connectors/csv-text.ts'
import { cutRecords } from './cut-records.ts'
import { type DelimitedShape, readDelimited, singleColumn } from './delimited-shape.ts'
import { encodingDoubts, headerDoubts, percent } from './draft-doubts.ts'
import { draftFixed } from './draft-fixed.ts'
import { findFixedWidth, type FixedShape } from './fixed-width.ts'
import { findFooter, footerDoubts, footerFindings, type FooterGuess, saysNoRecord, skipRule } from './footer-guess.ts'
import type { SourceDraft, TextContent, TextFile } from './source-draft.ts'

const NAMES: Readonly<Record<string, string>> = { ',': 'comma', '\t': 'tab', ';': 'semicolon', '|': 'pipe', ' ': 'space' }

export function delimiterWord(delimiter: string): string {
  return NAMES[delimiter] ?? (delimiter < ' ' ? `U+${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}` : delimiter)
}

/** Names that are longer than a title would be, or sentences, are no table of one column. */
const LONG_LINE = 200
/** Share of alike records below which a delimiter may be a mark inside columns that line up, as in 12,50. */
const EVEN = 0.8
const SURE = 0.8

/** A text that is no JSON and no XML: fields with something between them, columns that line up, one column, or no table at all. */
export function draftDelimited({ encoding }: TextContent, file: TextFile): SourceDraft {
  return { ...draftLines(encoding, file), head: firstLines(encoding.text) }
}

const HEAD_LINES = 12
const HEAD_CHARS = 400

function firstLines(text: string): string[] {
  return text.replace(/^\uFEFF/, '').slice(0, HEAD_LINES * HEAD_CHARS * 4).split(/\r\n|\n|\r/).slice(0, HEAD_LINES).map((line) => line.slice(0, HEAD_CHARS))
}

function draftLines(encoding: TextContent['encoding'], file: TextFile): SourceDraft {
  const { text } = encoding
  const shape = readDelimited(text, file.isWhole)
  const fixed = fixedShape(text, file.isWhole, shape)
  if (fixed !== null) return draftFixed({ encoding, shape: fixed, footer: fixedFooter(file, fixed.columns), hasSpaces: shape?.dialect.delimiter === ' ' })
  if (shape === null && !isOneColumn(text)) return NO_TABLE
  return draftTable(encoding, file, { table: shape ?? singleColumn(text, file.isWhole), isSingle: shape === null })
}

/** Columns that line up, where nothing separates fields better. */
function fixedShape(text: string, isWhole: boolean, shape: DelimitedShape | null): FixedShape | null {
  const isOpen = shape === null || shape.dialect.delimiter === ' '
  if (!isOpen && shape.share >= EVEN) return null
  const fixed = findFixedWidth(text, isWhole)
  return fixed === null || (!isOpen && fixed.confidence <= SURE) ? null : fixed
}

const NO_TABLE: SourceDraft = {
  format: 'text', cannot: 'It is plain text: nothing in it separates columns', declaration: {}, found: [], doubts: [], recordPaths: [], headerNames: null, footer: null, likeness: 'text',
}

function draftTable(encoding: TextContent['encoding'], file: TextFile, { table, isSingle }: { table: DelimitedShape; isSingle: boolean }): SourceDraft {
  const { header, width, dialect } = table
  const footer = isSingle ? null : delimitedFooter(file, table)
  const names = header.isHeader ? header.first.map((field) => field.trim().toLowerCase()) : [`${width} columns`]
  return {
    format: 'csv',
    cannot: null,
    declaration: declarationOf(table, { encoding: encoding.isGuess ? encoding.name : null, footer }),
    found: [
      { about: 'encoding', value: encoding.name, evidence: encoding.evidence, confidence: encoding.confidence },
      delimiterFinding(table, isSingle),
      { about: 'quote', value: table.hasQuotes ? dialect.quote : 'none', evidence: quoteEvidence(table, encoding.text), confidence: table.hasQuotes ? 0.95 : 0.9 },
      { about: 'header', value: header.isHeader ? 'first record' : 'none', evidence: header.evidence, confidence: header.confidence },
      ...preambleFindings(table),
      ...footerFindings(footer),
    ],
    doubts: [...delimiterDoubts(table), ...headerDoubts(header, { named: { header: true }, data: { header: false } }), ...encodingDoubts(encoding), ...footerDoubts(footer, file.name)],
    recordPaths: [],
    headerNames: header.isHeader ? header.first : null,
    footer,
    likeness: JSON.stringify(['csv', dialect.delimiter, names]),
  }
}

function isOneColumn(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  return lines.length > 0 && lines.every((line) => line.length < LONG_LINE) && lines.filter((line) => line.trim().split(/\s+/).length > 4).length < lines.length / 4
}

function delimitedFooter({ ending }: TextFile, { dialect, width, comment }: DelimitedShape): FooterGuess | null {
  const fieldsOf = (line: string): string[] => cutLine(line, dialect)
  // A field may go on over lines; what is in it cannot be told from the end.
  if (dialect.quote !== '' && ending.split(/\r\n|\n|\r/).slice(-8).some((line) => line.split(dialect.quote).length % 2 === 0)) return null
  const isComment = (line: string): boolean => comment !== null && line.startsWith(comment)
  return findFooter({ text: ending, fieldsOf, isRecord: (line) => isComment(line) || fieldsOf(line).length === width })
}

function cutLine(line: string, dialect: CsvDialect): string[] {
  return cutRecords(line, dialect, { limit: 1, isWhole: true })[0]?.fields ?? []
}

/** A record has blanks where its columns have none of their values. */
function fixedFooter({ ending }: TextFile, columns: readonly { width: number }[]): FooterGuess | null {
  const starts = columns.map((_, index) => columns.slice(0, index).reduce((sum, { width }) => sum + width, 0))
  const fieldsOf = (line: string): string[] => starts.map((start, index) => line.slice(start, start + (columns[index]?.width ?? 0)))
  const keepsTo = (line: string): boolean => starts.slice(1).every((start) => line.length <= start || line[start - 1] === ' ' || line[start] === ' ')
  return findFooter({ text: ending, fieldsOf: (line) => [line], isRecord: (line, isApart) => !(isApart && saysNoRecord(line)) && keepsTo(line) && fieldsOf(line).filter((field) => field.trim() !== '').length > columns.length / 2 })
}

function declarationOf({ dialect, hasQuotes, header, preamble, comment }: DelimitedShape, { encoding, footer }: { encoding: string | null; footer: FooterGuess | null }): Declaration {
  return {
    format: 'csv',
    delimiter: NAMES[dialect.delimiter] ?? dialect.delimiter,
    ...(dialect.quote === '' ? { quote: 'none' } : dialect.quote === "'" ? { quote: "'" } : {}),
    ...(hasQuotes && dialect.escape === '\\' ? { escape: '\\' } : {}),
    ...(header.isHeader ? {} : { header: false }),
    ...(encoding === null ? {} : { encoding }),
    ...(comment === null ? (preamble.length > 0 ? { skip_lines: preamble.length } : {}) : { comment }),
    ...(footer?.isSure === true ? skipRule(footer.lines) : {}),
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

function preambleFindings({ preamble, comment }: DelimitedShape): FindingOut[] {
  if (preamble.length === 0) return []
  return [{ about: comment === null ? 'skip_lines' : 'comment', value: comment ?? String(preamble.length), evidence: `before the table: ${JSON.stringify(preamble[0]?.slice(0, 80) ?? '')}`, confidence: 0.8 }]
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

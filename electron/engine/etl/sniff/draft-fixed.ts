import type { Doubt } from '../../../../shared/contract/ingest.contract.ts'
import { encodingDoubts, headerDoubts } from './draft-doubts.ts'
import type { FixedShape } from './fixed-width.ts'
import { footerFindings, type FooterGuess, skipRule } from './footer-guess.ts'
import type { SourceDraft, TextContent } from './source-draft.ts'

const UNSURE = 0.75

interface FixedDraft {
  encoding: TextContent['encoding']
  shape: FixedShape
  footer: FooterGuess | null
  /** It can be read as fields between blanks too. */
  hasSpaces: boolean
}

/** A source of fixed width, as it would be declared. */
export function draftFixed({ encoding, shape, footer, hasSpaces }: FixedDraft): SourceDraft {
  const { columns, skipLines, hasHeader, header, evidence, confidence } = shape
  const places = Object.fromEntries(columns.map(({ name, width }) => [name, { width }]))
  return {
    format: 'fixed',
    cannot: null,
    declaration: {
      format: 'fixed',
      ...(encoding.isGuess ? { encoding: encoding.name } : {}),
      ...(skipLines === 0 ? {} : { skip_lines: skipLines }),
      ...(footer?.isSure === true ? skipRule(footer.lines) : {}),
      columns: places,
    },
    found: [
      { about: 'encoding', value: encoding.name, evidence: encoding.evidence, confidence: encoding.confidence },
      { about: 'columns', value: `${columns.length} of fixed width`, evidence, confidence },
      { about: 'header', value: hasHeader ? 'names above the columns' : 'none', evidence: header?.evidence ?? (hasHeader ? 'words over the columns' : 'nothing stands above the columns'), confidence: header?.confidence ?? 0.9 },
      ...footerFindings(footer),
    ],
    doubts: [...widthDoubts(shape, hasSpaces), ...(header === null ? [] : headerDoubts(header, { named: { skip_lines: Math.max(1, skipLines) }, data: { skip_lines: null } })), ...encodingDoubts(encoding)],
    recordPaths: [],
    headerNames: null,
    footer,
    likeness: JSON.stringify(['fixed', columns]),
  }
}

function widthDoubts({ columns, evidence, confidence }: FixedShape, hasSpaces: boolean): Doubt[] {
  if (confidence >= UNSURE) return []
  const spaces = hasSpaces ? [{ label: 'fields between blanks', change: { format: 'csv', delimiter: 'space', columns: null, skip_lines: null, skip: null } }] : []
  return [{
    about: 'columns',
    text: `That these are ${columns.length} columns of fixed width rests on ${evidence}; a longer value further on may show that one is cut at the wrong place`,
    choices: [{ label: `${columns.length} columns of fixed width`, change: { format: 'fixed' } }, ...spaces],
  }]
}

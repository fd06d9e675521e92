import type { Declaration, Doubt, FindingOut } from '../../../../shared/contract/ingest.contract.ts'

/** Lines at the end of a file that are built differently from its records. */
export interface FooterGuess {
  /** Those with text, in their order. */
  lines: string[]
  /** They are no records, by what they say; a record that was cut off looks different. */
  isSure: boolean
}

const MAX_FOOTER = 5
const WORDS = /^["'(*#\s]*(total|totals|grand total|sum|summe|gesamt|somme|count|rows?|records?|source|quelle|note|notes|footnote|generated|created|printed|report|end of|as of|stand|copyright|©|\d+ (rows?|records?|lines?)\b)/i
const RULE = /^\s*([-=_*]{3,}[-=_*\s]*)+$/
const VALUE = /^[\s"']*[+-]?[\d.,:/-]+[\s"']*$/

interface Ending {
  text: string
  /** Whether a line is built like the records; `isApart`: a blank line is above it. */
  isRecord(line: string, isApart: boolean): boolean
  /** Fields of a line. */
  fieldsOf(line: string): string[]
}

/**
 * What stands behind the last record: a sum, a remark, a rule.
 * @param text the end of the file, beginning anywhere in a line
 */
export function findFooter({ text, isRecord, fieldsOf }: Ending): FooterGuess | null {
  const lines = text.split(/\r\n|\n|\r/)
  // The first may be cut; records before it tell what a record is.
  const usable = lines.slice(1)
  const behind: string[] = []
  let isApart = false
  for (let index = usable.length - 1; index >= 0; index--) {
    const line = usable[index] ?? ''
    if (line.trim() === '') {
      isApart = behind.length > 0
      continue
    }
    if (isRecord(line, (usable[index - 1] ?? '').trim() === '' && index > 0)) return behind.length === 0 ? null : { lines: behind, isSure: behind.every((one) => isRemark(one, fieldsOf)) || (isApart && behind.every((one) => !isValues(one, fieldsOf))) }
    if (behind.length === MAX_FOOTER) return null
    isApart = false
    behind.unshift(line)
  }
  return null
}

/** A sum, a remark or a rule, by its words. */
export function saysNoRecord(line: string): boolean {
  return RULE.test(line) || WORDS.test(line)
}

/** A sum, a remark or a rule by its words; or words alone where records have values. */
function isRemark(line: string, fieldsOf: Ending['fieldsOf']): boolean {
  if (saysNoRecord(line)) return true
  const filled = fieldsOf(line).filter((field) => field.trim() !== '')
  return filled.length === 1 && /\p{L}+\s+\p{L}+/u.test(filled[0] ?? '') && !isValues(line, fieldsOf)
}

/** Nothing but numbers and dates: what a record that was cut off has left. */
function isValues(line: string, fieldsOf: Ending['fieldsOf']): boolean {
  return fieldsOf(line).filter((field) => field.trim() !== '').every((field) => VALUE.test(field))
}

/**
 * What of a source leaves such lines out, wherever they stand and in whatever number: a file that comes without them loses nothing. Figures in them may be
 * others next time.
 */
export function skipRule(lines: readonly string[]): Declaration {
  const patterns = [...new Set(lines.map((line) => line.trimEnd().replaceAll(SPECIAL, '\\$&').replaceAll(/\d(?:[\d,]|\\\.(?=\d))*/g, '[\\d.,]+').replaceAll(/([-=_*])\1{2,}/g, '$1{3,}')))]
  return { skip: { [RULE_NAME]: { pattern: patterns.length === 1 ? `^${patterns[0] ?? ''}\\s*$` : `^(?:${patterns.join('|')})\\s*$` } } }
}

const SPECIAL = /[.*+?^${}()|[\]\\/]/g
const RULE_NAME = 'footer'

export function footerFindings(footer: FooterGuess | null): FindingOut[] {
  if (footer === null) return []
  const { lines, isSure } = footer
  return [{ about: 'footer', value: countOf(lines), evidence: `${isSure ? 'left out by a rule' : 'read as records'}: ${JSON.stringify(lines[0]?.slice(0, 80) ?? '')}`, confidence: isSure ? 0.85 : 0.6 }]
}

/** What becomes of them, where their words do not say. */
export function footerDoubts(footer: FooterGuess | null, name: string): Doubt[] {
  if (footer === null || footer.isSure) return []
  const { lines } = footer
  const [is, goes] = lines.length === 1 ? ['is', 'goes'] : ['are', 'go']
  return [{
    about: 'skip',
    text: `The last ${lines.length === 1 ? 'line' : `${lines.length} lines`} of ${name} ${is} built differently: ${JSON.stringify(lines[0]?.slice(0, 80) ?? '')}. It may be a record that was cut off, or no record`,
    choices: [{ label: `a record, which ${goes} to quarantine`, change: { skip: null } }, { label: `no record: leave out ${countOf(lines)} like that`, change: skipRule(lines) }],
  }]
}

function countOf(lines: readonly string[]): string {
  return lines.length === 1 ? '1 line' : `${lines.length} lines`
}

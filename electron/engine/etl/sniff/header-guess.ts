export interface HeaderGuess {
  isHeader: boolean
  confidence: number
  evidence: string
  /** Fields of the first record of the table. */
  first: string[]
}

const VALUE = /^\s*([+-]?[\d.,]*\d[\d.,]*\s*[%€$£]?|[$€£]\s?[\d.,]+|\d{4}-\d{2}-\d{2}.*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|true|false|t|f)\s*$/i
/** Years stand over columns as often as in them. */
const YEAR = /^(19|20)\d\d$/
const CLEAR = 0.75
const LOOKED_ROWS = 200

interface HeaderFacts {
  first: string[]
  below: Below
  /** Fields of the first record that look like values. */
  values: number
  isRepetitive: boolean
  hasBody: boolean
}

type Verdict = Omit<HeaderGuess, 'first'>

/** Whether the first record names the columns: names differ from each other and from what stands below them. */
export function guessHeader(rows: readonly string[][]): HeaderGuess {
  const [first = [], ...body] = rows
  const filled = first.filter((field) => field.trim() !== '')
  const facts = {
    first,
    below: columnsBelow(first, body.slice(0, LOOKED_ROWS)),
    values: first.filter(isValue).length,
    isRepetitive: filled.length === first.length && new Set(filled.map((field) => field.trim().toLowerCase())).size < first.length,
    hasBody: body.length > 0,
  }
  return { ...(byValues(facts) ?? byTexts(facts)), first }
}

function isValue(field: string): boolean {
  return VALUE.test(field) && !YEAR.test(field.trim())
}

function byValues({ first, below, values, hasBody }: HeaderFacts): Verdict | null {
  if (values > 0 && below.namesOverValues === 0) {
    const example = JSON.stringify(first.find(isValue) ?? '')
    return { isHeader: false, confidence: values > first.length / 4 ? 0.95 : 0.8, evidence: `the first record has ${values === 1 ? 'a value' : `${values} values`} such as ${example} where names would be` }
  }
  if (below.namesOverValues > 0 && below.repeated === 0 && values === 0) return { isHeader: true, confidence: 0.98, evidence: `names over values in ${below.namesOverValues} of ${first.length} columns` }
  return hasBody ? null : { isHeader: values === 0, confidence: 0.6, evidence: 'there is one record only' }
}

function byTexts({ first, below, values, isRepetitive }: HeaderFacts): Verdict {
  if (below.repeated > 0) return { isHeader: false, confidence: below.repeated > 1 ? 0.85 : CLEAR, evidence: `what the first record has occurs again below it in ${below.repeated} columns` }
  const unlike = Math.max(below.differentShape, below.namesOverValues)
  if (unlike > 0) return { isHeader: true, confidence: 0.85, evidence: `the first record differs in kind from what is below it in ${unlike} of ${first.length} columns` }
  if (isRepetitive && values === 0) return { isHeader: false, confidence: 0.6, evidence: 'the first record repeats itself' }
  return { isHeader: true, confidence: 0.6, evidence: 'all columns are text, and no text of the first record occurs again' }
}

interface Below {
  /** Columns where a word stands over numbers, dates or the like. */
  namesOverValues: number
  /** Columns where the first record's text occurs again. */
  repeated: number
  /** Columns of text in which the first is unlike the rest: no digits over codes, much shorter, or lower case with underscores. */
  differentShape: number
}

function columnsBelow(first: readonly string[], body: readonly string[][]): Below {
  const below: Below = { namesOverValues: 0, repeated: 0, differentShape: 0 }
  for (const [index, name] of first.entries()) {
    const column = body.map((row) => row[index] ?? '').filter((value) => value.trim() !== '')
    if (column.length === 0) continue
    const values = column.filter((value) => VALUE.test(value)).length / column.length
    if (!VALUE.test(name) && name.trim() !== '' && values > 0.8) below.namesOverValues++
    else if (column.includes(name) && values < 0.5) below.repeated++
    else if (values < 0.5 && isUnlike(name, column)) below.differentShape++
  }
  return below
}

function isUnlike(name: string, column: readonly string[]): boolean {
  const withDigits = column.filter((value) => /\d/.test(value)).length / column.length
  const words = column.filter((value) => /\s/.test(value.trim())).length / column.length
  if (!/\d/.test(name) && withDigits > 0.8) return true
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name) || (!/\s/.test(name.trim()) && words > 0.8)
}

/** How a delimited text file separates and encloses. Quote and escape are empty where nothing encloses. */
export interface CsvDialect {
  delimiter: string
  quote: string
  escape: string
}

const CANDIDATES = [',', '\t', ';', '|', '~']
const SNIFFED_RECORDS = 500

/**
 * The first records of a text, as fields. For headers and for finding the delimiter; rows are read by DuckDB.
 * @param isWhole false when the text goes on: its last record is left out, being cut
 */
export function readFields(text: string, dialect: CsvDialect, { limit, isWhole }: { limit: number; isWhole: boolean }): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < text.length && records.length < limit) {
    const record = readRecord(text, at, dialect)
    at = record.next
    if (at >= text.length && !isWhole && !record.isEnded) break
    records.push(record.fields)
  }
  return records
}

function readRecord(text: string, from: number, dialect: CsvDialect): { fields: string[]; next: number; isEnded: boolean } {
  const fields: string[] = []
  let at = from
  for (;;) {
    const field = readField(text, at, dialect)
    fields.push(field.value)
    at = field.next
    if (text.startsWith(dialect.delimiter, at)) {
      at += dialect.delimiter.length
      continue
    }
    if (at >= text.length) return { fields, next: at, isEnded: false }
    return { fields, next: text.startsWith('\r\n', at) ? at + 2 : at + 1, isEnded: true }
  }
}

function readField(text: string, from: number, dialect: CsvDialect): { value: string; next: number } {
  const quoted = dialect.quote !== '' && text.startsWith(dialect.quote, from) ? readQuoted(text, from + 1, dialect) : { value: '', next: from }
  let at = quoted.next
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r' && !text.startsWith(dialect.delimiter, at)) at++
  return { value: quoted.value + text.slice(quoted.next, at), next: at }
}

function readQuoted(text: string, from: number, { quote, escape }: CsvDialect): { value: string; next: number } {
  let value = ''
  let at = from
  while (at < text.length) {
    const char = text[at] ?? ''
    if (char === escape && text[at + 1] === quote) {
      value += quote
      at += 2
    } else if (char === quote) {
      return { value, next: at + 1 }
    } else {
      value += char
      at++
    }
  }
  return { value, next: at }
}

/**
 * The delimiter that cuts the first records into as many fields as the first of them, at least two. Of equals the one with most fields.
 * A comma where nothing separates. `isClear` is false when another would do as well.
 */
export function sniffDelimiter(text: string, { quote, escape, isWhole }: { quote: string; escape: string; isWhole: boolean }): { delimiter: string; isClear: boolean } {
  const ranked = CANDIDATES.flatMap((delimiter) => {
    const records = readFields(text, { delimiter, quote, escape }, { limit: SNIFFED_RECORDS, isWhole }).filter((fields) => fields.length > 1 || fields[0] !== '')
    const width = records[0]?.length ?? 0
    if (width < 2) return []
    return [{ delimiter, width, share: records.filter((fields) => fields.length === width).length / records.length }]
  }).sort((a, b) => b.share - a.share || b.width - a.width)
  const [best, next] = ranked
  if (best === undefined) return { delimiter: ',', isClear: true }
  return { delimiter: best.delimiter, isClear: next === undefined || next.share < best.share || next.width < best.width }
}

import type { DeclaredColumn, PlacedFile, SavedSource, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { writtenText } from '../../../shared/domain/source-declaration.ts'
import { formatBytes, formatCount } from './figures.ts'
import type { Paint } from './paint.ts'
import { plainText } from './plain-text.ts'
import { formatTable } from './table.ts'

const MAX_COLUMNS = 60
const MAX_VALUE = 28

/** What was found out about files, with the evidence and the doubts. */
export function guessLines(guess: SourceGuess, paint: Paint): string[] {
  const { files, sizeBytes, cannot, rows } = guess
  const [first = ''] = files
  const title = files.length === 1 ? first : `${formatCount(files.length)} files like ${first}`
  const counted = rows === null ? '' : `, ${rows.isExact ? '' : 'about '}${formatCount(rows.count)} records`
  const head = [paint(plainText(title), 'bold'), paint(`  ${formatBytes(sizeBytes)}${counted}; looked at ${guess.lookedAt}`, 'dim')]
  if (cannot !== null) return [...head, ...foundLines(guess, paint), paint(`  ✗ ${plainText(cannot)}`, 'red')]
  return [...head, ...foundLines(guess, paint), '', ...columnLines(guess, paint), ...nestedLines(guess, paint), ...doubtLines(guess, paint)]
}

function foundLines({ found }: SourceGuess, paint: Paint): string[] {
  return found.map(({ about, value, evidence, confidence }) => `  ${about.padEnd(10)} ${plainText(value)} ${paint(plainText(`(${evidence}${confidence < 0.75 ? '; not sure' : ''})`), 'dim')}`)
}

function columnLines({ columns }: SourceGuess, paint: Paint): string[] {
  const table = formatTable(
    [{ header: 'column' }, { header: 'raw', maxWidth: 44 }, { header: 'becomes' }, { header: 'seen', maxWidth: 46 }, { header: 'fits', align: 'right' }, { header: 'empty', align: 'right' }, { header: 'for example', maxWidth: MAX_VALUE }],
    columns.slice(0, MAX_COLUMNS).map((column) => [
      { text: column.renamedFrom === null ? column.name : `${column.name} (was ${JSON.stringify(column.renamedFrom)})`, style: 'bold' },
      `${column.type}${written(column.declared)}`,
      column.becomes === column.type ? '' : column.becomes,
      `${column.doubt === null ? '' : '? '}${column.seen}`,
      formatCount(column.fits),
      formatCount(column.nulls),
      column.samples[0] ?? '',
    ]),
    paint,
  )
  const more = columns.length - MAX_COLUMNS
  return [...table.map((line) => `  ${line}`), ...(more > 0 ? [paint(`  and ${formatCount(more)} more columns`, 'dim')] : [])]
}

/** What is in the records as lists, and how to have it as tables. */
function nestedLines({ nested, rows }: SourceGuess, paint: Paint): string[] {
  if (nested === null) return []
  const { tables, fields, key, isKeyUnique, records } = nested
  const isPart = rows !== null && rows.count > records
  const title = tables.length === 0 ? `${formatCount(Object.keys(fields).length)} columns with the members of objects (--tables none)` : `Lists that can be tables of their own (--tables all, or names), objects as ${formatCount(Object.keys(fields).length)} columns`
  const table = formatTable(
    [{ header: 'table' }, { header: 'rows', align: 'right' }, { header: 'in records', align: 'right' }, { header: 'columns', align: 'right' }, { header: 'at', maxWidth: 70 }],
    tables.map(({ name, rows: count, records: holding, fields: own, record }) => [{ text: name, style: 'bold' }, formatCount(count), formatCount(holding), formatCount(Object.keys(own).length), record]),
    paint,
  )
  const remarks = [key === null ? 'parent_record leads to their record; no field names the records' : `${key} of the record is a column of each${isKeyUnique ? '' : '; some records share it, and parent_record tells them apart'}`, ...(isPart ? [`counted in ${formatCount(records)} records; members that only others have are not among the columns`] : [])]
  return ['', `  ${title}`, ...(tables.length === 0 ? [] : [...table.map((line) => `  ${line}`), ...remarks.map((text) => paint(`  ${text}`, 'dim'))])]
}

function doubtLines({ doubts, columns }: SourceGuess, paint: Paint): string[] {
  const ofColumns = columns.flatMap(({ name, doubt, counterExample, choices }) => {
    if (doubt === null) return []
    const taken = choices[0]?.label ?? ''
    const others = choices.length < 2 ? '' : ` Taken: ${taken}; else ${choices.slice(1).map(({ label, declared }) => `${label} (${columnSettings(name, declared)})`).join(', or ')}.`
    const example = counterExample === null ? '' : ` First: ${JSON.stringify(counterExample.value)} in ${counterExample.file}, ${counterExample.line === null ? `record ${formatCount(counterExample.record)}` : `line ${formatCount(counterExample.line)}`}`
    return [`${name}: ${doubt}.${example}${others}`]
  })
  const all = [...doubts.map(({ about, text, choices }) => `${about}: ${text}${choices.length > 1 ? `. Taken: ${choices[0]?.label ?? ''}; else ${choices.slice(1).map(choiceText).join(', or ')}` : ''}`), ...ofColumns]
  return all.length === 0 ? [] : ['', ...all.map((text) => `  ${paint('?', 'yellow')} ${plainText(text)}`)]
}

function choiceText({ label, change }: SourceGuess['doubts'][number]['choices'][number]): string {
  const set = Object.entries(change).map(([key, value]) => `--set ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${label} (${set.join(' ')})`
}

function written(declared: DeclaredColumn | null): string {
  const text = writtenText(declared)
  return text === '' ? '' : ` ${text}`
}

/** A column's reading in words of the command: `--set columns.day=DATE --set columns.day.format=%d.%m.%Y`. */
function columnSettings(name: string, declared: DeclaredColumn | null): string {
  if (declared === null || typeof declared === 'string') return `--set ${quoted(`columns.${name}=${declared ?? 'VARCHAR'}`)}`
  return Object.entries(declared).map(([key, value]) => `--set ${quoted(`columns.${name}${key === 'type' ? '' : `.${key}`}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`).join(' ')
}

function quoted(text: string): string {
  return /^[\w.,=%:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

const PLACES: readonly { how: PlacedFile['how']; done: string; would: string }[] = [
  { how: 'copied', done: 'copied to', would: 'would be copied to' },
  { how: 'moved', done: 'moved to', would: 'would be moved to' },
]
const MAX_AGAIN = 20

/** Where files and source went, or would go. */
export function savedLines(saved: SavedSource, paint: Paint, isDryRun: boolean): string[] {
  const of = (how: PlacedFile['how']): PlacedFile[] => saved.files.filter((file) => file.how === how)
  const newness = saved.isNewSource ? `: a new source${saved.isNewDataType ? ' of a new data type' : ''}` : ': a source already (--change lets it declare how these files are read)'
  const inPlace = of('in_place').length
  return [
    `${paint(saved.dataset, 'bold')}${newness}`,
    ...saved.tables.map((table) => `  with ${paint(table, 'bold')}`),
    ...PLACES.filter(({ how }) => of(how).length > 0).map(({ how, done, would }) => `  ${fileCount(of(how).length)} ${isDryRun ? would : done} ${folderOf(of(how))}`),
    ...(inPlace > 0 ? [`  ${fileCount(inPlace)} in the workspace, read from there`] : []),
    ...of('again').slice(0, MAX_AGAIN).map(({ from, sameAs }) => `  ${paint('=', 'yellow')} ${plainText(from)} was delivered already, as ${plainText(sameAs ?? '')}: ${isDryRun ? 'would be recorded' : 'recorded'}, not read again`),
    ...saved.written.map(({ path }) => `  ${path} ${isDryRun ? 'would be written' : 'written'}`),
    ...saved.kept.map((path) => paint(`  ${path} is there already and stays as it is`, 'dim')),
  ]
}

function fileCount(count: number): string {
  return count === 1 ? '1 file' : `${formatCount(count)} files`
}

function folderOf(files: readonly PlacedFile[]): string {
  const to = files[0]?.to ?? ''
  return files.length === 1 ? to : to.slice(0, to.lastIndexOf('/') + 1)
}

/** seen = loaded + quarantined + skipped */
export function sumLines({ deliveries }: RunDetail, paint: Paint): string[] {
  const sum = (of: (delivery: RunDetail['deliveries'][number]) => number): number => deliveries.reduce((total, delivery) => total + of(delivery), 0)
  if (deliveries.length === 0) return []
  const [seen, loaded, quarantined, skipped] = [sum(({ records }) => records), sum((one) => one.loaded), sum((one) => one.quarantined), sum((one) => one.skipped)]
  return ['', paint(`${formatCount(seen)} records seen = ${formatCount(loaded)} loaded + ${formatCount(quarantined)} quarantined + ${formatCount(skipped)} skipped`, quarantined > 0 ? 'yellow' : 'bold')]
}

import { z } from 'zod'
import { isZone, type Zone, zoneSchema } from './zone.ts'

/**
 * One rule for every name that becomes a folder, a DuckDB catalog or a view. Names are lower case because DuckDB
 * compares them without case, and plain because a quoted name in one tool is a broken one in the next.
 */
export const NAME_PATTERN = /^[a-z][a-z0-9_]{0,62}$/

/** Reserved by DuckDB's grammar (duckdb_keywords() where keyword_category = 'reserved', version 1.5). */
const DUCKDB_RESERVED = `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
create default deferrable desc describe distinct do else end except false fetch for foreign from grant group having in initially
intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify
references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic
when where window with`.split(/\s+/)

/** Catalogs DuckDB keeps for itself, or accepts and then finds ambiguous. */
const DUCKDB_CATALOGS = ['main', 'temp', 'system', 'memory', 'pg_catalog', 'information_schema']

const WINDOWS_DEVICES = ['con', 'prn', 'aux', 'nul', ...range(1, 9).flatMap((n) => [`com${n}`, `lpt${n}`])]

const RESERVED = new Set([...DUCKDB_RESERVED, ...DUCKDB_CATALOGS, ...WINDOWS_DEVICES])

/** True for words that SQL or the operating system keeps for itself. `name` is lower case. */
export function isReservedName(name: string): boolean {
  return RESERVED.has(name)
}

/** Why `name` cannot name a dataset, or null when it can. */
export function datasetNameProblem(name: string): string | null {
  if (!NAME_PATTERN.test(name)) return `"${name}" must start with a letter and hold only a-z, 0-9 and _ (at most 63)`
  if (isReservedName(name)) return `"${name}" is reserved by DuckDB or the operating system`
  return null
}

/** Why `name` cannot name a data type, or null when it can. A data type may not be called like a zone either. */
export function dataTypeNameProblem(name: string): string | null {
  if (isZone(name)) return `"${name}" is the name of a zone`
  return datasetNameProblem(name)
}

export const dataTypeNameSchema = z.string().superRefine((name, ctx) => {
  const problem = dataTypeNameProblem(name)
  if (problem !== null) ctx.addIssue({ code: 'custom', message: problem })
})

/** `data_type.zone.name`: the name of a dataset everywhere, SQL included. */
export const datasetIdSchema = z
  .string()
  .refine((text) => parseDatasetId(text) !== null, { error: 'Write a dataset as data_type.zone.name, for example drugs.curated.products' })
export type DatasetId = z.infer<typeof datasetIdSchema>

export interface DatasetName {
  dataType: string
  zone: Zone
  name: string
}

export function datasetId({ dataType, zone, name }: DatasetName): DatasetId {
  return `${dataType}.${zone}.${name}`
}

/** Takes `data_type.zone.name` apart; null when it is no dataset name. */
export function parseDatasetId(text: string): DatasetName | null {
  const [dataType, zoneText, name, ...rest] = text.split('.')
  if (dataType === undefined || zoneText === undefined || name === undefined || rest.length > 0) return null
  const zone = zoneSchema.safeParse(zoneText)
  if (!zone.success || dataTypeNameProblem(dataType) !== null || datasetNameProblem(name) !== null) return null
  return { dataType, zone: zone.data, name }
}

/** An SQL identifier, quoted for DuckDB and SQLite. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A dataset's name as a quoted three-part SQL reference. */
export function quoteDataset({ dataType, zone, name }: DatasetName): string {
  return [dataType, zone, name].map(quoteIdentifier).join('.')
}

/** An SQL text literal. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The candidate closest to `text` by edit distance, when close enough to be what was meant. */
export function closestName(text: string, candidates: Iterable<string>): string | null {
  let best: string | null = null
  let bestDistance = Math.max(2, Math.floor(text.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/** `Did you mean x?`, or null when nothing is close enough. The form in which findings and problems suggest a name. */
export function didYouMean(text: string, candidates: Iterable<string>): string | null {
  const closest = closestName(text, candidates)
  return closest === null ? null : `Did you mean ${closest}?`
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = range(0, b.length)
  for (const [i, charA] of [...a].entries()) {
    const current = [i + 1]
    for (const [j, charB] of [...b].entries()) {
      const substitution = (previous[j] ?? 0) + (charA === charB ? 0 : 1)
      current.push(Math.min(substitution, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? a.length
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

/** A file name on every system, without its ending. */
export const fileNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} _-]{0,78}[\p{L}\p{N}_-])?$/u, { error: 'A name has letters, digits, spaces, - and _, begins with a letter or digit, and is at most 80 long' })

/** `zone.name` inside the data type that it belongs to, else its full name. */
export function shortDatasetName(id: DatasetId, dataType: string | null): string {
  return dataType !== null && id.startsWith(`${dataType}.`) ? id.slice(dataType.length + 1) : id
}

/** The test of a step is called by its file. */
export function testNameOf(file: string): string {
  return file.split('/').at(-1)?.replace(/\.ya?ml$/, '') ?? file
}

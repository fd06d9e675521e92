import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { FoundName } from '../../workers/entity.wire.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { Duck } from '../duckdb.ts'
import type { NameFile, NameRow } from './name-files.ts'
import { foldedSql, INSIDE, NAME_PLACES, TERM_LENGTH } from './name-terms.ts'

/** Names of one kind and file that are looked at for each that can be shown: an entity may have several. */
const LOOKED_AT = 10

const ALL_PLACES = [...Object.values(NAME_PLACES), INSIDE]

/** A name, how well it answers (less is better), and the file that has it. */
interface Hit extends NameRow {
  rank: number
  file: number
}

/**
 * The names that the text finds, an entity once, with the best of them: first those that are the text, then those that begin with it, keys
 * before identifiers before labels, then those with the words inside. Of each, the first in the order of names are read, and no more.
 */
export async function searchNames(duck: Duck, files: readonly NameFile[], { text, limit }: Pick<OpInput<'reader', 'searchNames'>, 'text' | 'limit'>): Promise<OpOutput<'reader', 'searchNames'>> {
  const [query = ''] = await fold(duck, [text])
  if (query === '' || files.length === 0) return { found: [], isCut: false }
  const cap = LOOKED_AT * limit
  const words = query.split(' ')
  const begun = files.flatMap((names, file) => ALL_PLACES.flatMap((place) => names.beginning(place, query, cap).map((name): Hit => ({ ...name, file, rank: rankOf(place, name.term === query) }))))
  // What begins with the whole text goes before all of them, so they are worth looking for only while there is room.
  const isFull = new Set(begun.map(({ entity }) => entity)).size > limit
  const scattered = words.length === 1 || isFull ? { hits: [], isCut: false } : withAllWords(files, words, cap)
  const entities = Map.groupBy([...begun, ...scattered.hits], ({ entity }) => entity)
  const best = [...entities.values()].map((hits) => ({ hits, first: hits.reduce((a, b) => (compareHits(b, a) < 0 ? b : a)) })).toSorted((a, b) => compareHits(a.first, b.first))
  const shown = best.slice(0, limit)
  const terms = await fold(duck, shown.map(({ first }) => first.entity))
  const found = shown.map(({ hits, first }, index): FoundName => ({
    entityId: first.entity,
    column: first.column_name,
    kind: first.kind,
    value: first.value,
    file: first.file,
    files: [...new Set(hits.map(({ file }) => file))].toSorted((a, b) => a - b),
    label: labelOf(files, first.entity, terms[index] ?? '') ?? (first.kind === 'label' ? first.value : null),
  }))
  return { found, isCut: best.length > limit || scattered.isCut }
}

function rankOf(place: number, isWhole: boolean): number {
  if (place === INSIDE) return 20
  return isWhole ? place : 10 + place
}

/** Names with words that begin with all of these, in any order. */
function withAllWords(files: readonly NameFile[], words: readonly string[], cap: number): { hits: Hit[]; isCut: boolean } {
  const counts = words.map((word) => files.reduce((sum, names) => sum + ALL_PLACES.reduce((inner, place) => inner + names.count(place, word), 0), 0))
  const fewest = Math.min(...counts)
  // Only names with the rarest word are looked through for the others.
  const lead = words.find((_, index) => counts[index] === fewest) ?? ''
  const looked = files.flatMap((names, file) => ALL_PLACES.map((place) => ({ file, ...names.holding(place, lead, { words, limit: cap }) })))
  return { hits: looked.flatMap(({ file, names }) => names.map((name) => ({ ...name, file, rank: 30 }))), isCut: looked.some(({ isCut }) => isCut) }
}

function compareHits(a: Hit, b: Hit): number {
  return a.rank - b.rank || compareTexts(a.term, b.term) || compareTexts(a.value, b.value) || compareTexts(a.entity, b.entity) || a.file - b.file
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What people call it: it stands beside the key, wherever the entity has one. */
function labelOf(files: readonly NameFile[], entity: string, term: string): string | null {
  for (const names of files) {
    const label = names.labelOf(entity, term)
    if (label !== null) return label
  }
  return null
}

/** As the names were folded, by the same functions; each a row, because DuckDB prepares an expression anew for each constant in a list. */
async function fold(duck: Duck, texts: readonly string[]): Promise<string[]> {
  if (texts.length === 0) return []
  const rows = await duck.rows(`SELECT trim(left(${foldedSql('value')}, ${TERM_LENGTH})) AS folded FROM (VALUES ${texts.map((text, index) => `(${index}, ${quoteLiteral(text)})`).join(', ')}) AS t(place, value) ORDER BY place`)
  return rows.map((row) => String(row['folded']))
}

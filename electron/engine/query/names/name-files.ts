import Database from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { foldText, NAME_PLACES } from './name-terms.ts'

const nameRowSchema = z.object({ entity: z.string(), column_name: z.string(), kind: z.enum(['key', 'identifier', 'label']), value: z.string(), term: z.string() })
export type NameRow = z.infer<typeof nameRowSchema>

/** Names of the entities of one version, as `writeNames` wrote them. */
export interface NameFile {
  /** Names of a place whose term begins with the prefix, in their order. */
  beginning(place: number, prefix: string, limit: number): NameRow[]
  /** How many those are; of more than the word is worth counting for, so many. */
  count(place: number, prefix: string): number
  /** Those of them that hold words beginning with all the given ones. `isCut`: not all were looked at. */
  holding(place: number, prefix: string, options: { words: readonly string[]; limit: number }): { names: NameRow[]; isCut: boolean }
  /** What people call the entity whose folded key this is. */
  labelOf(entity: string, term: string): string | null
}

/** Greater than every text that begins with what stands before it. */
const BEYOND = '\u{10FFFF}'
/** Names that a word may begin before it counts as frequent, and that are looked through for the other words. */
const FREQUENT = 20_000

const RANGE = 'place = :place AND term >= :from AND term < :to'
const BEGINNING = `
SELECT n.entity, c.name AS column_name, c.kind, coalesce(n.value, n.entity) AS value, t.term
FROM (SELECT term, name FROM terms WHERE ${RANGE} ORDER BY term, name LIMIT :limit) AS t JOIN names AS n ON n.id = t.name JOIN columns AS c ON c.id = n.column_id ORDER BY t.term, t.name`
const COUNT = `SELECT count(*) AS n FROM (SELECT 1 FROM terms WHERE ${RANGE} LIMIT ${FREQUENT})`
const LABEL = `SELECT n.label FROM terms AS t JOIN names AS n ON n.id = t.name WHERE t.place = ${NAME_PLACES.key} AND t.term = :term AND n.entity = :entity AND n.label IS NOT NULL LIMIT 1`

/** Files that are kept open, because somebody types. */
const KEPT_OPEN = 64

/** Opens such files, and keeps the last ones open. */
export function createNameFiles(): (path: string) => NameFile {
  const kept = new LRUCache<string, NameFile & { close(): void }>({ max: KEPT_OPEN, dispose: (file) => file.close() })
  return (path) => {
    const known = kept.get(path)
    if (known !== undefined) return known
    const file = openNames(path)
    kept.set(path, file)
    return file
  }
}

function openNames(path: string): NameFile & { close(): void } {
  const database = new Database(path, { readonly: true, fileMustExist: true })
  const [beginning, counting, labelling] = [database.prepare(BEGINNING), database.prepare(COUNT), database.prepare(LABEL)]
  const range = (place: number, prefix: string): { place: number; from: string; to: string } => ({ place, from: prefix, to: `${prefix}${BEYOND}` })
  const rows = (place: number, prefix: string, limit: number): NameRow[] => z.array(nameRowSchema).parse(beginning.all({ ...range(place, prefix), limit }))
  return {
    beginning: rows,
    count: (place, prefix) => z.object({ n: z.int() }).parse(counting.get(range(place, prefix))).n,
    holding(place, prefix, { words, limit }) {
      const looked = rows(place, prefix, FREQUENT)
      const names = looked.filter(({ value }) => {
        const folded = ` ${foldText(value)}`
        return words.every((word) => folded.includes(` ${word}`))
      })
      return { names: names.slice(0, limit), isCut: looked.length === FREQUENT || names.length > limit }
    },
    labelOf: (entity, term) => z.object({ label: z.string() }).optional().parse(labelling.get({ entity, term }))?.label ?? null,
    close: () => database.close(),
  }
}

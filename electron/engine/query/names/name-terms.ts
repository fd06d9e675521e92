import type { NameKind } from '../../workers/entity.wire.ts'

/** How names are folded for a search: without case, accents and punctuation, so that "Fabry's" is found by "fabry s" and "ORPHA:324" by "324". */

/** SQL: the words of a text, folded, with one space between them; an apostrophe parts no words. */
export function foldedSql(ref: string): string {
  return String.raw`trim(regexp_replace(regexp_replace(lower(strip_accents(${ref})), '[''’]', '', 'g'), '[^\p{L}\p{N}]+', ' ', 'g'))`
}

/** The same of one text, for the few that are looked at one by one. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

/** Longer texts are found by how they begin: what is searched for is typed by a person. */
export const TERM_LENGTH = 80
/** Words of a text that may be looked for; labels are names, not essays. */
export const TERM_WORDS = 12

/** Where in the file names lie that begin with their term, the best first; those that have it inside lie after them. */
export const NAME_PLACES: Readonly<Record<NameKind, number>> = { key: 0, identifier: 1, label: 2 }
export const INSIDE = 3

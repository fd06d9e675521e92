import type { Declaration, Doubt, FindingOut, SourceGuess } from '../../../../shared/contract/ingest.contract.ts'
import type { ContentFormat } from './content-format.ts'
import type { FooterGuess } from './footer-guess.ts'

/** What the beginning of a file says about how its source would be declared. */
export interface SourceDraft {
  format: string
  cannot: string | null
  declaration: Declaration
  found: FindingOut[]
  doubts: Doubt[]
  recordPaths: SourceGuess['recordPaths']
  /** Fields of the header as the file has them; null where there is none. */
  headerNames: string[] | null
  /** What stands behind the last record; null where nothing does. */
  footer: FooterGuess | null
  /** Of a file of several sheets or tables: the key that names one, and their names. */
  parts?: NonNullable<SourceGuess['parts']>
  /** The first lines, where lines are records or names of columns. */
  head?: string[]
  /** Equal for files that belong to one source. */
  likeness: string
}

export type TextContent = Extract<ContentFormat, { kind: 'text' }>

/** What is known of a text besides its beginning. */
export interface TextFile {
  name: string
  isWhole: boolean
  /** Its last lines, the first of them perhaps cut; empty where they are not known. */
  ending: string
}

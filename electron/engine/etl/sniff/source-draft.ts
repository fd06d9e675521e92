import type { Declaration, Doubt, FindingOut, SourceGuess } from '../../../../shared/contract/ingest.contract.ts'
import type { ContentFormat } from './content-format.ts'

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
  /** Equal for files that belong to one source. */
  likeness: string
}

export type TextContent = Extract<ContentFormat, { kind: 'text' }>

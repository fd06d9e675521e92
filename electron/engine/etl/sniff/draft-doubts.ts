import type { Declaration, Doubt } from '../../../../shared/contract/ingest.contract.ts'
import type { HeaderGuess } from './header-guess.ts'
import type { TextContent } from './source-draft.ts'

const UNSURE = 0.75
const SURE_ENCODING = 0.8

export function percent(share: number): string {
  return `${(share * 100).toFixed(share === 1 || share < 0.995 ? 0 : 2)}%`
}

/** @param change what makes the first record names, and what makes it data */
export function headerDoubts(header: HeaderGuess, change: { named: Declaration; data: Declaration }): Doubt[] {
  if (header.confidence >= UNSURE) return []
  const named = { label: `the first record names the columns: ${header.first.slice(0, 4).join(', ')}`, change: change.named }
  const data = { label: 'the first record is data', change: change.data }
  return [{ about: 'header', text: `Whether the first record names the columns is not sure: ${header.evidence}`, choices: header.isHeader ? [named, data] : [data, named] }]
}

export function encodingDoubts({ name, confidence, isGuess, others }: TextContent['encoding']): Doubt[] {
  if (!isGuess || (confidence > SURE_ENCODING && others.every((other) => other.confidence < confidence / 2))) return []
  const choices = [{ encoding: name, confidence }, ...others.slice(0, 3)].map((one) => ({ label: `${one.encoding}, ${percent(one.confidence)}`, change: { encoding: one.encoding } }))
  return [{ about: 'encoding', text: 'The text is not UTF-8, and its bytes do not say what else; statistics do, with these shares of certainty', choices }]
}

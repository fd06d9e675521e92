import type { AuditEntry } from '../../../shared/contract/audit.contract.ts'

/** One line: the reason, then what was and what is; the facts where nothing was compared. */
export function changeText({ details, before, after }: Pick<AuditEntry, 'details' | 'before' | 'after'>): string {
  const facts = factsOf(details)
  const reason = facts.find(([name]) => name === 'reason')?.[1]
  const change = before === null && after === null ? null : [before, after].map((value) => listText(factsOf(value)) || 'nothing').join(' → ')
  const others = change === null ? listText(facts.filter(([name]) => name !== 'reason')) : change
  return [reason ?? '', others].filter((part) => part !== '').join('  ·  ')
}

/** Name and value of each fact, in words; what is empty is left out. */
export function factsOf(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, fact]): [string, string][] => (fact === null || fact === undefined || fact === '' ? [] : [[name, textOf(fact)]]))
}

function listText(facts: readonly [string, string][]): string {
  const [only] = facts
  if (facts.length === 1 && only !== undefined) return only[0] === 'state' || only[0] === 'outcome' ? only[1] : only.join(' ')
  return facts.map((fact) => fact.join(' ')).join(', ')
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (typeof value === 'object' && value !== null) return listText(factsOf(value))
  return String(value)
}

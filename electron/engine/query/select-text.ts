import { sqlTokens } from '../../../shared/domain/sql-text.ts'

/** A statement as text that may stand in parentheses: no closing semicolon, and a line break that ends a trailing comment. */
export function selectText(sql: string): string {
  const last = [...sqlTokens(sql)].at(-1)
  const body = last?.text === ';' ? `${sql.slice(0, last.offset)}${sql.slice(last.offset + 1)}` : sql
  return `${body}\n`
}

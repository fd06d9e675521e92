import { z } from 'zod'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { columnOf } from '../../query/column-of.ts'
import type { CheckSpec } from '../../workspace/model.ts'
import { brokenWords } from '../check-message.ts'
import { isRowRule } from '../check-sql.ts'
import { exactValue } from './exact-value.ts'
import { recordRule } from './record-rules.ts'

/** A record as texts by column; null is null. What is left out is not judged. */
export type TextRecord = Record<string, string | null>

/** What an issue says besides its words: the rule that is broken; null: the text is no value of the column's type. */
export const recordIssueSchema = z.object({ rule: z.string().nullable() })

/**
 * A contract for single records: types and column rules as one zod schema, to judge a record before it is in a table. Only what can be
 * told for sure is an issue; rules about more than one row, and the few values that only DuckDB can judge, are left to the next run.
 */
export function recordSchema(checks: readonly CheckSpec[], columns: readonly Column[]): z.ZodType<TextRecord> {
  return z.strictObject(Object.fromEntries(columns.map((column) => [column.name, columnSchema(checks, column, columns).optional()]))).transform((given) => {
    return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  })
}

function columnSchema(checks: readonly CheckSpec[], column: Column, columns: readonly Column[]): z.ZodType<string | null> {
  const rules = checks.filter(isRowRule).filter((rule) => columnOf(columns, rule.column).name === column.name)
  const judged = rules.map((rule) => ({ rule, judge: recordRule(rule, column) }))
  return z.string().nullable().superRefine((text, context) => {
    const said = text === null ? 'null' : `"${text.slice(0, SHOWN_LENGTH)}"`
    if (text !== null && exactValue(text, column.type) === 'misfit') {
      return context.addIssue({ code: 'custom', message: `${column.name} is ${said}, which is no ${column.type}`, params: { rule: null } })
    }
    for (const { rule, judge } of judged) {
      if (judge(text) === 'broken') context.addIssue({ code: 'custom', message: `${column.name} is ${said}${rule.kind === 'not_null' ? '' : `, ${brokenWords(rule)}`}`, params: { rule: rule.rule } })
    }
  })
}

const SHOWN_LENGTH = 200

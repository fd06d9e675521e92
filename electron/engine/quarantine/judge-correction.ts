import type { CorrectionIssue, QuarantineDetail, QuarantineRecord } from '../../../shared/contract/quarantine.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { toColumn } from '../../../shared/domain/table-query.ts'
import { datedChecks } from '../contracts/check-facts.ts'
import { recordIssueSchema, recordSchema, type TextRecord } from '../contracts/record/record-schema.ts'
import { isRowRule } from '../contracts/check-sql.ts'
import type { EngineParts } from '../parts.ts'
import { stepOf } from './record-detail.ts'

/** What is wrong with the values of a correction, by the types of the columns and the contract of the dataset; rules that only warn are none. */
export function judgeCorrection(parts: Pick<EngineParts, 'workspace' | 'clock'>, { record, fields: known, isRead }: QuarantineDetail, fields: TextRecord): CorrectionIssue[] {
  const columns = known.map(({ column, type }) => toColumn(column, type))
  const names = new Set(columns.map(({ name }) => name.toLowerCase()))
  const checks = datedChecks(stepOf(parts, record.dataset)?.contract?.checks ?? [], parts.clock())
  const strict = checks.filter((check) => check.severity !== 'warn' && isRowRule(check) && names.has(check.column.toLowerCase()))
  const given = Object.fromEntries(Object.entries(fields).filter(([column]) => columns.some(({ name }) => name === column)))
  const issues = issuesOf(recordSchema(strict, columns), given)
  if (record.rule !== null || !isRead) return issues
  // A record that could not be read has the rest of its values for the first time, which must be some of their types, too.
  const rest = Object.fromEntries(known.flatMap(({ column, value }) => (column in given || column in (record.decision?.fields ?? {}) ? [] : [[column, value]])))
  return [...issues, ...issuesOf(recordSchema([], columns), rest)]
}

function issuesOf(schema: ReturnType<typeof recordSchema>, record: TextRecord): CorrectionIssue[] {
  const { error } = schema.safeParse(record)
  return (error?.issues ?? []).map(({ path, message, ...issue }) => ({
    column: String(path[0] ?? ''),
    rule: issue.code === 'custom' ? recordIssueSchema.parse(issue.params).rule : null,
    message,
  }))
}

/** @throws BAD_INPUT for the first value that is wrong; with `anyway`, that is none of its type */
export function refuseWrong({ dataset }: QuarantineRecord, issues: readonly CorrectionIssue[], { anyway }: { anyway: boolean }): void {
  const [first, ...more] = issues.filter(({ rule }) => rule === null || !anyway).toSorted((a, b) => Number(a.rule !== null) - Number(b.rule !== null))
  if (first === undefined) return
  const { column, rule, message } = first
  throw new ProblemError('BAD_INPUT', `The correction is wrong: ${message}${more.length === 0 ? '' : `, and ${more.length} more`}`, {
    hint: rule === null ? `Give ${column} a value of its type` : `The contract of ${dataset} says so (${rule}); it can be kept anyway, and stays in quarantine until the record is accepted`,
    details: { column, rule, issues: issues.map((issue) => issue.message) },
  })
}

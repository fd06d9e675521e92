import type { TestReport } from '../../../shared/contract/step-tests.contract.ts'

/** A table of rows that differ. */
export interface TestLine {
  title: string
  columns: string[]
  rows: (string | null)[][]
  more: number
}

const MARKS: Readonly<Record<TestReport['status'], string>> = { passed: '✓', failed: '✗', error: '!' }
const MOST_ROWS = 20

/** A test in words: a line for one that passed, and what differs for one that did not. */
export function testLines({ status, dataset, name, file, description, problem, missing, unexpected }: TestReport): (string | TestLine)[] {
  const head = `${MARKS[status]} ${status}  ${dataset ?? file}  ${name}${description === null ? '' : `: ${description}`}`
  const words = problem === null ? [] : [`  ${problem.message}`, ...(problem.hint === null ? [] : [`  ${problem.hint}`])]
  return [head, ...words, ...rowsOf('  expected, but not given', missing), ...rowsOf('  given, but not expected', unexpected)]
}

function rowsOf(title: string, table: TestReport['missing']): TestLine[] {
  if (table === null || table.rowCount === 0) return []
  const rows = table.rows.slice(0, MOST_ROWS)
  return [{ title, columns: table.columns, rows, more: table.rowCount - rows.length }]
}

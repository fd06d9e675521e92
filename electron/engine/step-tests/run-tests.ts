import type { TestReport } from '../../../shared/contract/step-tests.contract.ts'
import type { Finding } from '../../../shared/contract/workspace.contract.ts'
import { parseDatasetId, testNameOf } from '../../../shared/domain/naming.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { EngineParts } from '../parts.ts'
import { stepOf } from '../quarantine/record-detail.ts'
import type { Sandboxes } from '../sql-pad/sandboxes.ts'
import type { GivenRows, StatementTest, StatementTestResult } from '../workers/step-test.wire.ts'
import { withProvenance } from '../workspace/type-check.ts'
import type { GivenTable, SqlStep, StepModel, StepTest, TestCell } from '../workspace/model.ts'

export interface TestParts extends Pick<EngineParts, 'workspace' | 'versions'> {
  sandboxes: Sandboxes
}

/** Which tests; without anything, all. */
export interface TestChoice {
  dataType?: string | undefined
  dataset?: string | undefined
  files?: readonly string[] | undefined
}

/** One test may not take longer. */
const TIMEOUT_MS = 60_000

/** @throws NOT_FOUND for a file that is no test, or a dataset that no SQL step makes */
export function chosenTests(parts: Pick<TestParts, 'workspace'>, { dataType, dataset, files }: TestChoice): StepTest[] {
  if (dataset !== undefined) sqlStepOf(parts, dataset)
  const tests = parts.workspace.current().dataTypes.flatMap((model) => model.tests)
  return tests.filter((test) => (dataType === undefined || test.dataType === dataType) && (dataset === undefined || test.dataset === dataset) && (files === undefined || files.includes(test.file)))
}

interface TestRun extends TestChoice {
  /** Instead of the text of the step of `dataset`. */
  sql?: string | undefined
}

/** Runs tests one beside the other. Those whose files have mistakes are reported with them: a test that cannot run has not passed. */
export async function runTests(parts: TestParts, { sql, ...choice }: TestRun, signal: AbortSignal | undefined): Promise<TestReport[]> {
  const tests = chosenTests(parts, choice)
  const broken = brokenTests(parts.workspace.current().findings, choice, new Set(tests.map(({ file }) => file)))
  const unknown = (choice.files ?? []).find((file) => tests.every((test) => test.file !== file) && broken.every((report) => report.file !== file))
  if (unknown !== undefined) throw new ProblemError('NOT_FOUND', `There is no test ${unknown}`, { hint: 'Tests are pipelines/<data_type>/tests/<name>.yaml; strata test lists them' })
  const reports = await Promise.all(tests.map((test) => runTest(parts, { test, step: sqlStepOf(parts, test.dataset), sql, signal })))
  return [...broken, ...reports].toSorted((a, b) => (a.file < b.file ? -1 : 1))
}

/** @throws NOT_FOUND */
export function sqlStepOf(parts: Pick<TestParts, 'workspace'>, dataset: string): SqlStep {
  const step = stepOf(parts, dataset)
  if (step?.kind === 'sql') return step
  throw new ProblemError('NOT_FOUND', step === undefined ? `No step makes ${dataset}` : `${dataset} is not made by a SQL step`, { hint: 'Only SQL steps have tests; strata check lists what the workspace is made of' })
}

const NOTHING = { description: null, actual: null, missing: null, unexpected: null, tookMs: 0 }

/** With errors in the file, the choice of a dataset means nothing: it may be what is wrong. */
function brokenTests(findings: readonly Finding[], { dataType, files, dataset }: TestChoice, whole: ReadonlySet<string>): TestReport[] {
  const errors = findings.filter(({ file, severity }) => severity === 'error' && /^pipelines\/[^/]+\/tests\//.test(file) && !whole.has(file))
  const wanted = errors.filter(({ file }) => (dataType === undefined || file.startsWith(`pipelines/${dataType}/`)) && (files === undefined ? dataset === undefined : files.includes(file)))
  const byFile = Map.groupBy(wanted, ({ file }) => file)
  return [...byFile].map(([file, [first]]): TestReport => {
    const problem = toProblem(new ProblemError('WORKSPACE_INVALID', `${file}${first?.line == null ? '' : `:${first.line}`}: ${first?.message ?? ''}`, { hint: first?.suggestion ?? null }))
    return { ...NOTHING, file, name: testNameOf(file), dataset: null, status: 'error', problem }
  })
}

interface OneTest {
  test: StepTest
  step: SqlStep
  sql: string | undefined
  signal: AbortSignal | undefined
}

async function runTest(parts: TestParts, { test, step, sql, signal }: OneTest): Promise<TestReport> {
  const startedAt = performance.now()
  const { file, name, dataset, description } = test
  const base = { file, name, dataset, description }
  const took = (): { tookMs: number } => ({ tookMs: performance.now() - startedAt })
  try {
    const { actual, missing, unexpected } = await tryStep(parts, { test, sql: sql ?? step.sql }, signal)
    const isPassed = missing.rowCount === 0 && unexpected.rowCount === 0
    return { ...base, status: isPassed ? 'passed' : 'failed', problem: null, actual, missing, unexpected, ...took() }
  } catch (error) {
    signal?.throwIfAborted()
    return { ...base, ...NOTHING, description, status: 'error', problem: toProblem(error), ...took() }
  }
}

/** What a step gives over rows that stand for what it reads. */
export async function tryStep(parts: TestParts, tried: { test: StepTest; sql: string }, signal: AbortSignal | undefined): Promise<StatementTestResult> {
  return parts.sandboxes.run('test', statementOf(parts, tried), { signal })
}

/** @throws NOT_FOUND for a dataset of which nobody knows a column */
function statementOf(parts: TestParts, { test, sql }: { test: StepTest; sql: string }): StatementTest {
  const { dataType, parameters, given, expected } = test
  const declared = parts.workspace.current().dataTypes.find(({ name }) => name === dataType)?.parameters ?? []
  return {
    sql,
    dataType,
    variables: declared.map(({ name, type }) => ({ name, type, value: parameters[name] ?? null })),
    given: given.map((table) => withTypes(parts, table)),
    expected,
    timeoutMs: TIMEOUT_MS,
  }
}

function withTypes(parts: TestParts, { dataset, columns, rows, types }: GivenTable): GivenRows {
  const name = parseDatasetId(dataset)
  if (name === null) throw new ProblemError('INTERNAL', `"${dataset}" is no dataset`)
  // Without a version since the files were read, what is declared and what the cells look like is all there is.
  const version = parts.versions.latest(dataset)
  const declared = declaredTypes(stepOf(parts, dataset))
  const known = types ?? (version === null ? null : withProvenance(dataset, version.columns)) ?? columns.map((column, i) => ({ name: column, type: declared.get(column) ?? guessedType(rows.map((row) => row[i] ?? null)) }))
  if (known.length === 0) {
    throw new ProblemError('NOT_FOUND', `Nothing is known yet of the columns of ${dataset}`, { hint: `Run what makes it once, or name its columns in a row under given: ${dataset}` })
  }
  return { dataset: name, types: known.map(({ name: column, type }) => ({ name: column, type })), columns, rows }
}

function declaredTypes(step: StepModel | undefined): Map<string, string> {
  const promised = (step?.contract?.columns ?? []).flatMap(({ name, type }) => (type === null ? [] : [[name, type] as const]))
  return new Map([...promised, ...(step?.kind === 'extract' ? Object.entries(step.source.columns) : [])])
}

/** Of a dataset that nothing has made yet. */
function guessedType(cells: readonly TestCell[]): string {
  const values = cells.filter((cell) => cell !== null)
  const guess = values.length === 0 ? undefined : GUESSES.find(([, pattern]) => values.every((cell) => pattern.test(cell)))
  return guess?.[0] ?? 'VARCHAR'
}

const GUESSES: readonly [string, RegExp][] = [
  ['BIGINT', /^-?(0|[1-9]\d{0,17})$/],
  ['DOUBLE', /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i],
  ['BOOLEAN', /^(true|false)$/],
  ['DATE', /^\d{4}-\d{2}-\d{2}$/],
  ['TIMESTAMP', /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/],
]

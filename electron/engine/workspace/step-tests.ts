import { type DatasetId, didYouMean, shortDatasetName, testNameOf } from '../../../shared/domain/naming.ts'
import { type Parameter, parameterProblem, type ParameterValues, readParameterValue } from '../../../shared/domain/run-parameters.ts'
import type { DataTypeDraft } from './data-type-draft.ts'
import { fullDatasetName } from './dataset-directory.ts'
import type { FindingList } from './finding-list.ts'
import type { GivenTable, SqlStep, StepTest, TestCell, TestTable } from './model.ts'
import { readWithSchema } from './schema-reading.ts'
import type { LinkedStep } from './step-links.ts'
import { type TestFile, testFileSchema } from './test-file.schema.ts'
import type { DatasetColumns } from './type-check.ts'
import type { TextFile } from './workspace-files.ts'
import { parseTestYaml, type YamlDocument } from './yaml-document.ts'

interface TestLinks {
  steps: readonly LinkedStep[]
  /** Of the datasets whose columns are known. */
  columns: ReadonlyMap<DatasetId, DatasetColumns>
  findings: FindingList
}

/** The tests of all data types with their datasets and columns looked up. One with a mistake is a finding, and is no test. */
export function linkTests(drafts: readonly DataTypeDraft[], links: TestLinks): StepTest[] {
  return drafts.flatMap((dataType) => dataType.tests.flatMap((file) => linkTest(file, dataType, links) ?? []))
}

interface TestReading extends TestLinks {
  dataType: DataTypeDraft
  document: YamlDocument
  step: SqlStep
}

function linkTest(file: TextFile, dataType: DataTypeDraft, links: TestLinks): StepTest | null {
  const { findings } = links
  const document = parseTestYaml(file.path, file.text, findings)
  const data = readWithSchema(document, testFileSchema, findings)
  if (data === null || document.isBroken) return null
  const step = findStep(data, { ...links, dataType, document })
  const tables = step === null ? null : readTables(data, { ...links, dataType, document, step })
  if (step === null || tables === null) return null
  return { file: file.path, name: testNameOf(file.path), dataType: dataType.name, dataset: step.dataset, description: data.description ?? null, ...tables }
}

/** Null where something in them does not fit the step. */
function readTables(data: TestFile, reading: TestReading): Pick<StepTest, 'parameters' | 'given' | 'expected'> | null {
  const { step, columns } = reading
  const parameters = readValues(data.parameters ?? {}, reading)
  const given = Object.entries(data.given ?? {}).map(([name, rows]) => readGiven(name, rows, reading))
  const expected = readTable(data.expect)
  const known = columns.get(step.dataset)?.columns.map(({ name }) => name) ?? null
  const isExpectable = checkNames(expected.columns, known, (column) => ({ ...reading, dataset: step.dataset, path: pathOf(data.expect, ['expect'], column) }))
  if (parameters === null || !isExpectable || given.includes(null)) return null
  const named = given.filter((table) => table !== null)
  const others = step.inputs.filter((dataset) => named.every((table) => table.dataset !== dataset))
  return { parameters, given: [...named, ...others.map((dataset) => ({ dataset, types: columns.get(dataset)?.columns ?? null, columns: [], rows: [] }))], expected }
}

function findStep({ step: name }: TestFile, { steps, dataType, document, findings }: Omit<TestReading, 'step'>): SqlStep | null {
  const id = fullDatasetName(name, dataType.name)
  const own = steps.filter(({ draft }) => draft.dataset.dataType === dataType.name)
  const found = own.find((step) => step.id === id)
  const at = document.place(['step'])
  if (found === undefined) {
    const names = own.filter(({ draft }) => draft.kind === 'sql').map(({ draft }) => `${draft.dataset.zone}.${draft.dataset.name}`)
    findings.add({ code: 'unknown-dataset', file: document.file, at, message: `There is no step ${name} in ${dataType.name}`, suggestion: didYouMean(name, names) })
    return null
  }
  if (found.draft.kind === 'sql') return found.model?.kind === 'sql' ? found.model : null
  const what = found.draft.kind === 'extract' ? 'a source' : 'a processor'
  findings.add({ code: 'option-not-for-step', file: document.file, at, message: `${name} is ${what}: only SQL steps are tested so`, suggestion: found.draft.kind === 'entity' ? 'Test the function itself, with the test runner of your choice' : null })
  return null
}

function readValues(written: ParameterValues, { dataType, document, findings }: TestReading): ParameterValues | null {
  const problems = Object.entries(written).map(([name, value]) => {
    const parameter = dataType.parameters.find((known: Parameter) => known.name === name)
    if (parameter !== undefined && parameterProblem(parameter, value) === null) return false
    const at = document.place(['parameters', name])
    if (parameter === undefined) findings.add({ code: 'unknown-parameter', file: document.file, at, message: `pipeline.yaml declares no parameter "${name}"`, suggestion: didYouMean(name, dataType.parameters.map((known) => known.name)) })
    else findings.add({ code: 'invalid-value', file: document.file, at, message: parameterProblem(parameter, value) ?? '' })
    return true
  })
  if (problems.includes(true)) return null
  const values = dataType.parameters.flatMap(({ name, type, default: usual }) => {
    const value = readParameterValue(type, written[name] ?? usual ?? '')
    return (written[name] ?? usual) === null || value === null ? [] : [[name, value] as const]
  })
  return Object.fromEntries(values)
}

type Rows = readonly Readonly<Record<string, unknown>>[]

function readGiven(name: string, rows: Rows, reading: TestReading): GivenTable | null {
  const { step, dataType, document, columns, findings } = reading
  const dataset = fullDatasetName(name, dataType.name)
  if (dataset === null || !step.inputs.includes(dataset)) {
    const reads = step.inputs.map((id) => shortDatasetName(id, dataType.name))
    const suggestion = didYouMean(name, reads) ?? (reads.length === 0 ? 'It reads nothing' : `It reads ${reads.join(', ')}`)
    findings.add({ code: 'unknown-dataset', file: document.file, at: document.place(['given', name], 'key'), message: `${step.zone}.${step.name} does not read ${name}`, suggestion })
    return null
  }
  const types = columns.get(dataset)?.columns ?? null
  const table = readTable(rows)
  const areKnown = checkNames(table.columns, types?.map((column) => column.name) ?? null, (column) => ({ ...reading, dataset, path: pathOf(rows, ['given', name], column) }))
  return areKnown ? { dataset, types, ...table } : null
}

interface NamePlace extends Pick<TestReading, 'document' | 'findings'> {
  dataset: DatasetId
  path: (string | number)[]
}

function checkNames(names: readonly string[], known: readonly string[] | null, placeOf: (name: string) => NamePlace): boolean {
  if (known === null) return true
  const unknown = names.filter((name) => !known.some((column) => column.toLowerCase() === name.toLowerCase()))
  for (const name of unknown) {
    const { document, findings, dataset, path } = placeOf(name)
    findings.add({ code: 'unknown-column', file: document.file, at: document.place(path, 'key'), message: `${dataset} has no column "${name}"`, suggestion: didYouMean(name, known) })
  }
  return unknown.length === 0
}

function pathOf(rows: Rows, base: (string | number)[], column: string): (string | number)[] {
  return [...base, rows.findIndex((row) => Object.hasOwn(row, column)), column]
}

/** All the columns that rows name, in the order in which they come up. */
function readTable(rows: Rows): TestTable {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return { columns, rows: rows.map((row) => columns.map((column) => cellOf(row[column]))) }
}

function cellOf(value: unknown): TestCell {
  if (value === null || value === undefined) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

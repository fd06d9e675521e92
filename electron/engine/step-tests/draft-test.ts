import type { TestBody } from '../../../shared/contract/step-tests.contract.ts'
import { type DatasetId, quoteDataset, quoteIdentifier, parseDatasetId } from '../../../shared/domain/naming.ts'
import { sqlTokens } from '../../../shared/domain/sql-text.ts'
import { PROVENANCE_COLUMNS } from '../../../shared/domain/table-query.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { EngineParts } from '../parts.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { Look, Looker, Masks } from '../masks/masks.ts'
import { testCellSql } from '../query/test-cell.ts'
import type { SqlStep, StepTest, TestCell } from '../workspace/model.ts'
import { sqlStepOf, type TestParts, tryStep } from './run-tests.ts'

export type DraftParts = TestParts & Pick<EngineParts, 'versions' | 'layout' | 'ledger'> & Parameters<typeof readVersions>[0] & { masks: Masks }

/** Expected rows are written by people; more than these nobody looks through. */
const MOST_EXPECTED = 50
const TIMEOUT_MS = 60_000

interface DraftRequest {
  dataset: DatasetId
  rows: number
  sql?: string | undefined
}

/**
 * A test to begin with: the first rows of what the step reads, those of later datasets that belong to the rows of the first where they share
 * a column, and what the SELECT makes of them.
 */
export async function draftTest(parts: DraftParts, { dataset, rows, sql: text }: DraftRequest, by: Looker): Promise<TestBody> {
  const step = sqlStepOf(parts, dataset)
  const sql = text ?? step.sql
  const versions = step.inputs.flatMap((input) => parts.versions.current(input) ?? [])
  const given = await readVersions(parts, versions, () => Promise.all(versions.map((version) => sampleOf(parts, { version, step, sql, rows, first: versions[0] }, by))))
  const made = await tryStep(parts, { test: testOf(parts, step, given), sql }, by.signal)
  const { columns, rows: actual } = made.actual
  return { dataset, description: null, given, expected: { columns, rows: actual.slice(0, MOST_EXPECTED) } }
}

interface Sampling {
  version: VersionRow
  step: SqlStep
  sql: string
  rows: number
  /** The first dataset that is read, whose rows lead to those of the others. */
  first: VersionRow | undefined
}

async function sampleOf({ sandboxes, masks, workspace }: DraftParts, { version, step, sql, rows, first }: Sampling, by: Looker): Promise<TestBody['given'][number]> {
  const { dataset } = version
  const columns = usedColumns(version, sql)
  const name = tableOf(dataset)
  const look = await masks.look(version, by)
  const firstLook = first === undefined || first.dataset === dataset ? null : await masks.look(first, by)
  const link = firstLook === null ? null : sharedColumn(firstLook, look, entityKeyOf(workspace.current().dataTypes, step.dataType))
  const within = link === null || first === undefined ? '' : ` WHERE ${quoteIdentifier(link)} IN (SELECT ${quoteIdentifier(link)} FROM (FROM ${tableOf(first.dataset)} LIMIT ${rows}))`
  const cells = columns.map(({ name: column, type }) => (look.masked.includes(column) ? maskedCell(type, quoteIdentifier(column)) : testCellSql(type, quoteIdentifier(column))))
  const reads = [look, ...(within === '' || firstLook === null ? [] : [firstLook])].map(({ source }) => source)
  const { rowsJson } = await sandboxes.run('query', { sql: `SELECT ${cells.join(', ')} FROM ${name}${within}`, reads, defaultDataType: step.dataType, timeoutMs: TIMEOUT_MS, limit: rows }, { signal: by.signal })
  const sample: TestCell[][] = JSON.parse(rowsJson)
  return { dataset, columns: columns.map((column) => column.name), rows: sample }
}

/** A mask is no value of another type, and a test is to run. */
function maskedCell(type: string, ref: string): string {
  return type === 'VARCHAR' ? ref : 'NULL'
}

/** Those that the text names; all, where it may take all. Where a row came from only where it is asked for. */
function usedColumns({ columns }: VersionRow, sql: string): VersionRow['columns'] {
  const tokens = [...sqlTokens(sql)]
  const words = new Set(tokens.map(({ text }) => text.replaceAll('"', '').toLowerCase()))
  const isNamed = ({ name }: { name: string }): boolean => words.has(name.toLowerCase())
  const own = columns.filter((column) => !(PROVENANCE_COLUMNS as readonly string[]).includes(column.name))
  // A star after something that is a value is a multiplication.
  const takesAll = tokens.some(({ text }, i) => text === '*' && /^(select|,|\.|distinct|\()$/i.test(tokens[i - 1]?.text ?? '') && tokens[i + 1]?.text !== ')')
  const used = takesAll ? own : own.filter(isNamed)
  return used.length === 0 ? own : used
}

/** Masks are all alike, so they lead nowhere. */
function sharedColumn(first: Look, other: Look, entityKey: string | null): string | null {
  const shared = other.columns.filter(({ name, kind }) => !other.masked.includes(name) && !first.masked.includes(name) && (kind === 'text' || kind === 'number') && !name.startsWith('_') && first.columns.some((column) => column.name === name))
  return (shared.find(({ name }) => name === entityKey) ?? shared[0])?.name ?? null
}

function entityKeyOf(dataTypes: ReturnType<DraftParts['workspace']['current']>['dataTypes'], dataType: string): string | null {
  return dataTypes.find(({ name }) => name === dataType)?.entityKey ?? null
}

function testOf({ workspace }: DraftParts, step: SqlStep, given: TestBody['given']): StepTest {
  const known = workspace.current().dataTypes.find(({ name }) => name === step.dataType)
  const parameters = Object.fromEntries((known?.parameters ?? []).flatMap(({ name, default: value }) => (value === null ? [] : [[name, value] as const])))
  return {
    file: '',
    name: '',
    dataType: step.dataType,
    dataset: step.dataset,
    description: null,
    parameters,
    given: step.inputs.map((dataset) => ({ types: null, ...(given.find((table) => table.dataset === dataset) ?? { dataset, columns: [], rows: [] }) })),
    expected: { columns: [], rows: [] },
  }
}

function tableOf(dataset: DatasetId): string {
  const name = parseDatasetId(dataset)
  return name === null ? quoteIdentifier(dataset) : quoteDataset(name)
}

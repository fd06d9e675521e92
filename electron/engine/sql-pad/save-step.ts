import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import type { NewStep } from '../../../shared/contract/sql-pad.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { type DatasetName, parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { exists } from '../ingest/place-files.ts'
import type { EngineParts } from '../parts.ts'
import { placedProblem } from '../query/sql-problem.ts'
import { checkText } from './check-text.ts'

export type SaveStepParts = Pick<EngineParts, 'workspace' | 'versions' | 'workers' | 'layout' | 'durable' | 'audit' | 'ledger' | 'events' | 'clock'>

export interface StepToSave {
  dataset: string
  sql: string
  contract: boolean
  dryRun: boolean
}

/**
 * A SELECT that somebody tried out as a step: its file, in the folder that makes it the step, with a contract of its columns if wanted,
 * and for a data type that is new its pipeline.yaml.
 * @throws CONFLICT where the dataset is made by something else, SQL_FAILED and SQL_REFUSED for what cannot be a step
 */
export async function saveStep(parts: SaveStepParts, step: StepToSave, { actor, signal }: { actor: Actor; signal: AbortSignal | undefined }): Promise<NewStep> {
  const { workspace, layout } = parts
  const name = parseDatasetId(step.dataset)
  if (name === null) throw new ProblemError('BAD_INPUT', `"${step.dataset}" is no dataset name`, { hint: 'Write data_type.zone.name' })
  if (name.zone === 'raw') throw new ProblemError('BAD_INPUT', 'A SELECT makes no raw dataset: those are read from sources', { hint: 'Choose preprocessed, processed, curated or results' })
  const base = `pipelines/${name.dataType}/${name.zone}/${name.name}`
  await refuseTaken(parts, step.dataset, base)
  const columns = await columnsOf(parts, step, signal)
  const isNewDataType = !workspace.current().dataTypes.some(({ name: known }) => known === name.dataType) && !(await exists(path.join(layout.root, `pipelines/${name.dataType}/pipeline.yaml`)))
  const files = [
    ...(isNewDataType ? [{ path: `pipelines/${name.dataType}/pipeline.yaml`, text: stringify({ label: labelOf(name) }) }] : []),
    { path: `${base}.sql`, text: stepText(step.sql) },
    ...(step.contract ? [{ path: `${base}.yaml`, text: contractText(columns) }] : []),
  ]
  if (step.dryRun) return { dataset: step.dataset, files, isNewDataType, findings: [] }
  await write(parts, files)
  const paths = new Set(files.map((file) => file.path))
  const { findings } = await workspace.reload()
  record(parts, { dataset: step.dataset, files, actor })
  return { dataset: step.dataset, files, isNewDataType, findings: findings.filter(({ file }) => paths.has(file)) }
}

async function refuseTaken({ workspace, layout }: SaveStepParts, dataset: string, base: string): Promise<void> {
  const known = workspace.current().dataTypes.flatMap(({ steps }) => steps).find((step) => step.dataset === dataset)
  const there = known?.file ?? (await firstThere(layout.root, ['.sql', '.ts', '.yaml'].map((ending) => `${base}${ending}`)))
  if (there !== null) throw new ProblemError('CONFLICT', `${dataset} is made by ${there} already`, { hint: 'Choose another name, or edit that file', details: { file: there } })
}

async function firstThere(root: string, files: readonly string[]): Promise<string | null> {
  for (const file of files) if (await exists(path.join(root, file))) return file
  return null
}

async function columnsOf(parts: SaveStepParts, { sql }: StepToSave, signal: AbortSignal | undefined): Promise<Column[]> {
  const [first, second] = await checkText(parts, { sql }, signal)
  if (first === undefined) throw new ProblemError('SQL_FAILED', 'There is no SQL statement: write one SELECT')
  if (second !== undefined) throw placedProblem('SQL_REFUSED', { message: 'A step is exactly one SELECT', sql, offset: second.from, hint: 'Make a step of one of them' })
  if (first.problem !== null) throw placedProblem('SQL_FAILED', { message: first.problem.message, sql, offset: first.problem.from, hint: first.problem.hint })
  return first.columns ?? []
}

function labelOf({ dataType }: DatasetName): string {
  const words = dataType.replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** Types that a version's files do not keep as they are, so that a contract cannot hold them. */
const NOT_KEPT = /HUGEINT|BIGNUM|\bBIT\b|ENUM|UNION|VARIANT|INTERVAL|TIME_NS|TIMESTAMP_(S|MS)\b/

function contractText(columns: readonly Column[]): string {
  return stringify({ columns: Object.fromEntries(columns.map(({ name, type }) => [name, NOT_KEPT.test(type) ? null : type])) }, { lineWidth: 0, nullStr: '' })
}

function stepText(sql: string): string {
  return `${sql.trim()}\n`
}

async function write({ layout, durable }: SaveStepParts, files: NewStep['files']): Promise<void> {
  for (const file of files) {
    const target = path.join(layout.root, file.path)
    await mkdir(path.dirname(target), { recursive: true })
    await durable.writeFile(target, file.text)
  }
}

function record({ ledger, audit, events, clock }: SaveStepParts, { dataset, files, actor }: { dataset: string; files: NewStep['files']; actor: Actor }): void {
  ledger.write(() => {
    audit.append({ actor, action: 'add-step', target: dataset, details: { files: files.map((file) => file.path) }, after: { text: files.map((file) => file.text).join('\n') } }, clock())
    events.append({ kind: 'workspace', text: 'changed' }, clock())
  })
}

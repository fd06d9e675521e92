import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { EntityTally } from '../ledger/entities.store.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EntityAccount, EntityFiles, SqlToRun } from '../workers/wire.ts'
import type { StepModel } from '../workspace/model.ts'
import { type Layout, MANIFEST_NAME } from '../zones/layout.ts'
import { manifestSchema } from '../zones/manifest.ts'
import type { RunContext } from './run-context.ts'
import { versionSource } from './version-source.ts'

/** Entities a transaction: short enough not to hold up the engine's thread. */
export const ENTITY_CHUNK = 5_000

export interface AccountRequest {
  step: StepModel
  row: StepRow & { staging: string }
  key: string
  statement: (SqlToRun & { isUnsafe: boolean }) | null
  /** What an earlier attempt of this step has done already. */
  finished: ReadonlySet<string>
}

/** Which entities a step has to work on, and which it may leave as they are. */
export interface PlannedEntities {
  account: EntityAccount
  total: number
  todo: string[]
  /** Asked for by name, but in no row of the input. */
  absent: string[]
  carried: number
  withoutKey: number
  before: VersionRow | null
}

interface PlanLine {
  entity: string
  kind: string
  rows: number
}

/**
 * Holds the input of every entity against what the version before was made from, and writes down what is carried over. A run of
 * some entities leaves all others as they are, whatever their input.
 */
export async function planEntities(context: RunContext, request: AccountRequest): Promise<PlannedEntities> {
  const { parts, run, signal } = context
  const { step, row, key, statement } = request
  // What somebody accepted as failed is not tried again.
  const finished = new Set([...request.finished, ...parts.marks.acceptedEntities(row.id)])
  const files = entityFiles(parts.layout, row.staging)
  const before = run.entities === null ? comparableVersion(context, step, key) : currentVersion(context, step)
  const index = before === null ? null : await indexOf(parts.layout, before)
  const reads = step.inputs.map((input) => context.source(input, step.dataset))
  const { total, withoutKey, withProvenance } = await context.worker().call('planEntities', { key, reads, statement, beforeIndex: index, files }, { signal })
  const sorted = sortOut(await readPlan(files.plan), { named: run.entities, finished })
  // Without an index nothing says which rows may stay; with nothing to carry over, the version before is not needed.
  const isCarrying = before !== null && (run.entities !== null || (index !== null && sorted.carried.length > 0))
  await Promise.all([writeLines(files.todo, sorted.todo), writeLines(files.except, isCarrying ? sorted.except : []), writeFile(files.results, '')])
  parts.steps.patch(row.id, { entitiesTotal: run.entities?.length ?? total })
  const carried = isCarrying ? sorted.carried : []
  await saveTallies(context, row.id, { tallies: carried, carried: true, durationMs: 0 })
  return {
    account: { key, withProvenance, files, before: isCarrying ? { source: versionSource(parts.layout, parts.versions, before), index } : null },
    total: run.entities?.length ?? total,
    todo: sorted.todo,
    absent: sorted.absent,
    carried: carried.length,
    withoutKey,
    before: isCarrying ? before : null,
  }
}

function entityFiles(layout: Layout, staging: string): EntityFiles {
  const file = (name: string): string => layout.stagingFile(staging, name)
  return { hashes: file('hashes'), plan: file('plan'), todo: layout.entitiesFile(staging), except: file('except'), results: file('results') }
}

interface SortedEntities {
  todo: string[]
  absent: string[]
  carried: EntityTally[]
  except: string[]
}

function sortOut(plan: readonly PlanLine[], { named, finished }: { named: readonly string[] | null; finished: ReadonlySet<string> }): SortedEntities {
  if (named !== null) {
    const present = new Set(plan.flatMap(({ entity, kind }) => (kind === 'gone' ? [] : [entity])))
    const open = named.filter((entity) => !finished.has(entity))
    return { todo: open.filter((entity) => present.has(entity)), absent: open.filter((entity) => !present.has(entity)), carried: [], except: [...named] }
  }
  const sorted: SortedEntities = { todo: [], absent: [], carried: [], except: [] }
  for (const { entity, kind, rows } of plan) {
    if (!finished.has(entity) && (kind === 'succeeded' || kind === 'skipped')) sorted.carried.push([entity, kind, rows])
    else sorted.except.push(entity)
    if (!finished.has(entity) && kind === 'run') sorted.todo.push(entity)
  }
  return sorted
}

/** The published version, when code, options, parameters and datasets without entities are what they were when it was made. */
function comparableVersion(context: RunContext, step: StepModel, key: string): VersionRow | null {
  const { parts, run, recipes } = context
  const recipe = recipes.get(step.dataset) ?? null
  const before = parts.versions.current(step.dataset)
  const isAskedAnew = run.options.force || run.options.redo?.force === true || (step.kind === 'sql' && step.volatile.length > 0)
  if (isAskedAnew || recipe === null || before === null || before.recipe === null) return null
  const own = ({ engine, code, options, parameters }: typeof recipe): string => JSON.stringify([engine, code, options, Object.entries(parameters).toSorted()])
  if (own(recipe) !== own(before.recipe)) return null
  const earlier = new Map(parts.versions.inputsOf(before.id).map((version) => [version.dataset, version]))
  const isSame = (dataset: DatasetId): boolean => {
    const [now, then] = [context.resolve(dataset), earlier.get(dataset)]
    if (now === null || then === undefined || shapeOf(now) !== shapeOf(then)) return false
    return hasColumn(now, key) || now.contentHash === then.contentHash
  }
  return step.inputs.every(isSame) ? before : null
}

function shapeOf({ columns }: VersionRow): string {
  return JSON.stringify(columns.map(({ name, type }) => [name, type]))
}

function hasColumn({ columns }: VersionRow, key: string): boolean {
  return columns.some(({ name }) => name.toLowerCase() === key.toLowerCase())
}

/** A run of some entities needs a version that the others can be taken from. */
function currentVersion({ parts, run }: RunContext, step: StepModel): VersionRow {
  const current = parts.versions.current(step.dataset)
  if (current !== null) return current
  throw new ProblemError('NOT_FOUND', `${step.dataset} has no published version from which the other entities could be carried over`, {
    hint: `Run ${run.dataType} once for all entities, then for some`,
    details: { dataset: step.dataset, errorClass: 'bad_data' },
  })
}

async function indexOf(layout: Layout, { dataset, number }: VersionRow): Promise<string | null> {
  const dir = layout.versionDir(dataset, number)
  const manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(dir, MANIFEST_NAME), 'utf8')))
  return manifest.entityIndex === null ? null : path.join(dir, manifest.entityIndex.name)
}

const planLineSchema = z.tuple([z.string(), z.string(), z.number()])

async function readPlan(file: string): Promise<PlanLine[]> {
  const lines: PlanLine[] = []
  for await (const [entity, kind, rows] of readLines(file, planLineSchema)) lines.push({ entity, kind, rows })
  return lines
}

const tallySchema = z.tuple([z.string(), z.enum(['succeeded', 'skipped']), z.number()])

/** What the worker left of the entities that it went through. */
export async function readTallies(file: string): Promise<EntityTally[]> {
  const tallies: EntityTally[] = []
  for await (const tally of readLines(file, tallySchema)) tallies.push(tally)
  return tallies
}

async function* readLines<T>(file: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  const reader = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  for await (const line of reader) if (line !== '') yield schema.parse(JSON.parse(line))
}

export async function writeLines(file: string, values: readonly unknown[]): Promise<void> {
  await writeFile(file, values.map((value) => `${JSON.stringify(value)}\n`).join(''))
}

export async function saveTallies({ parts, run }: RunContext, stepId: number, { tallies, carried, durationMs }: { tallies: readonly EntityTally[]; carried: boolean; durationMs: number }): Promise<void> {
  const each = tallies.length === 0 ? 0 : durationMs / tallies.length
  for (let from = 0; from < tallies.length; from += ENTITY_CHUNK) {
    parts.entities.saveTallies({ stepId, dataType: run.dataType, at: parts.clock(), carried, durationMs: each }, tallies.slice(from, from + ENTITY_CHUNK))
    await setImmediate()
  }
}

export async function addPending({ parts, run }: RunContext, stepId: number, entities: readonly string[]): Promise<void> {
  for (let from = 0; from < entities.length; from += ENTITY_CHUNK) {
    parts.entities.addPending({ stepId, dataType: run.dataType, at: parts.clock() }, entities.slice(from, from + ENTITY_CHUNK))
    await setImmediate()
  }
}

/** "3,120 of 50,000 entities to process; 46,880 have not changed". */
export function workText({ total, todo, carried }: PlannedEntities): string {
  const number = (value: number): string => value.toLocaleString('en')
  if (carried > 0) return `${number(todo.length)} of ${number(total)} entities to process; ${number(carried)} have not changed`
  return todo.length === total ? `${number(total)} entities to process` : `${number(todo.length)} of ${number(total)} entities to process; the others are done`
}

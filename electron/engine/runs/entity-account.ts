import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EntityAccount, EntityFiles, SqlToRun } from '../workers/wire.ts'
import { comparableVersion, entityIndexOf, originalsOf } from '../planning/comparable-version.ts'
import type { StepModel } from '../workspace/model.ts'
import type { Layout } from '../zones/layout.ts'
import type { RunContext } from './run-context.ts'
import { versionSource } from './version-source.ts'

/** Entities a transaction: short enough not to hold up the engine's thread. */
const ENTITY_CHUNK = 5_000

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
  todo: number
  /** Asked for by name, but in no row of the input. */
  absent: string[]
  carried: number
  withoutKey: number
  before: VersionRow | null
}

/**
 * Holds the input of every entity against what the version before was made from, and writes down what is carried over. A run of
 * some entities leaves all others as they are, whatever their input.
 */
export async function planEntities(context: RunContext, request: AccountRequest): Promise<PlannedEntities> {
  const { parts, run, signal } = context
  const { step, row, key, statement } = request
  const files = entityFiles(parts.layout, row.staging)
  const candidate = run.entities === null ? comparable(context, step, key) : currentVersion(context, step)
  const index = candidate === null ? null : await entityIndexOf(parts.layout, candidate)
  const lists = await writeLists(context, request, files)
  const reads = step.inputs.map((input) => context.source(input, step.dataset))
  const counts = await context.worker().call('planEntities', { key, reads, statement, beforeIndex: index, ...lists, files }, { signal })
  const { total, todo, carried, absent, withoutKey, withProvenance } = counts
  // With nothing to carry over, the version before is not needed.
  const before = run.entities !== null || carried > 0 ? candidate : null
  parts.steps.patch(row.id, { entitiesTotal: run.entities?.length ?? total })
  await saveTallies(context, row.id, { file: files.carried, carried: true, durationMs: 0 })
  const source = before === null ? null : { source: versionSource(parts.layout, parts.versions, before), index, originals: await originalsOf(parts.layout, before) }
  return { account: { key, withProvenance, files, before: source }, total: run.entities?.length ?? total, todo, carried, absent, withoutKey, before }
}

/** What the worker has to know beforehand. */
async function writeLists({ parts, run }: RunContext, { row, finished }: AccountRequest, files: EntityFiles): Promise<{ finishedFile: string; namedFile: string | null }> {
  const finishedFile = parts.layout.stagingFile(row.staging, 'finished')
  const namedFile = parts.layout.stagingFile(row.staging, 'named')
  // What somebody accepted as failed is not tried again.
  await writeLines(finishedFile, [...new Set([...finished, ...parts.marks.acceptedEntities(row.id)])])
  await writeLines(namedFile, run.entities ?? [])
  await Promise.all([files.tallies, files.results].map((file) => writeFile(file, '')))
  return { finishedFile, namedFile: run.entities === null ? null : namedFile }
}

function entityFiles(layout: Layout, staging: string): EntityFiles {
  const file = (name: string): string => layout.stagingFile(staging, name)
  return { hashes: file('hashes'), todo: layout.entitiesFile(staging), except: file('except'), carried: file('carried'), tallies: file('tallies'), results: file('results') }
}

function comparable({ parts, run, recipes, resolve }: RunContext, step: StepModel, key: string): VersionRow | null {
  return comparableVersion({ versions: parts.versions, options: run.options, recipe: recipes.get(step.dataset) ?? null, resolve }, step, key)
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

export async function writeLines(file: string, values: readonly unknown[]): Promise<void> {
  await writeFile(file, values.map((value) => `${JSON.stringify(value)}\n`).join(''))
}

/** Gives the ledger what the worker wrote for it, a transaction a line; `durationMs` is what each of them took. */
export async function saveTallies({ parts, run }: RunContext, stepId: number, { file, carried, durationMs }: { file: string; carried: boolean; durationMs: number }): Promise<void> {
  for await (const tallies of linesOf(file)) {
    parts.entities.saveTallies({ stepId, dataType: run.dataType, at: parts.clock(), carried, durationMs }, tallies)
    await setImmediate()
  }
}

/** Names the entities of a file, a JSON string a line, as pending. */
export async function addPending({ parts, run }: RunContext, stepId: number, file: string): Promise<void> {
  const add = (entities: readonly string[]): void => parts.entities.addPending({ stepId, dataType: run.dataType, at: parts.clock() }, entities)
  let batch: string[] = []
  for await (const line of linesOf(file)) {
    batch.push(String(JSON.parse(line)))
    if (batch.length < ENTITY_CHUNK) continue
    add(batch)
    batch = []
    await setImmediate()
  }
  if (batch.length > 0) add(batch)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const reader = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  for await (const line of reader) if (line !== '') yield line
}

/** "3,120 of 50,000 entities to process; 46,880 have not changed". */
export function workText({ total, todo, carried }: PlannedEntities): string {
  const number = (value: number): string => value.toLocaleString('en')
  if (carried > 0) return `${number(todo)} of ${number(total)} entities to process; ${number(carried)} have not changed`
  return todo === total ? `${number(total)} entities to process` : `${number(todo)} of ${number(total)} entities to process; the others are done`
}

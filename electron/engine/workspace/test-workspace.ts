import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Finding } from '../../../shared/contract/workspace.contract.ts'
import { processorMistake } from '../etl/steps/processor-syntax.ts'
import { describeStatements } from '../query/describe-statements.ts'
import { openDuck } from '../query/duckdb.ts'
import { findGrainProblems } from '../query/grain-problems.ts'
import { analyseStatements } from '../query/sql-analysis.ts'
import type { AnalystPort } from './analyst-port.ts'
import { loadWorkspace } from './load-workspace.ts'
import type { DataTypeModel, StepModel, WorkspaceModel } from './model.ts'
import type { TypedColumn } from './type-check.ts'

/** A workspace in a temporary folder, made of the files a test names, and read with the real analyst inside this process. */
export interface TestWorkspace {
  root: string
  /** Calls the analyst got, by operation. */
  calls: { analyse: number; describe: number }
  /** Columns of datasets, as if an earlier run had made them. */
  known: Record<string, TypedColumn[]>
  write(files: Record<string, string | Uint8Array>): Promise<void>
  link(path: string, target: string): Promise<void>
  load(): Promise<WorkspaceModel>
  [Symbol.asyncDispose](): Promise<void>
}

const INIT = { memoryMb: 256, threads: 1, tempDir: tmpdir() }

export async function testWorkspace(files: Record<string, string | Uint8Array> = {}): Promise<TestWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'strata-workspace-'))
  const calls = { analyse: 0, describe: 0 }
  const known: Record<string, TypedColumn[]> = {}
  const stored = new Map<string, unknown>()
  const analyst: AnalystPort = {
    async analyse({ statements }) {
      calls.analyse += 1
      using duck = await openDuck(INIT)
      return await analyseStatements(duck, statements)
    },
    async describe(input) {
      calls.describe += 1
      using duck = await openDuck(INIT)
      return await describeStatements(duck, input)
    },
    async grain(input) {
      using duck = await openDuck(INIT)
      return await findGrainProblems(duck, input)
    },
    syntax: ({ texts }) => Promise.resolve(texts.map(processorMistake)),
  }
  const workspace: TestWorkspace = {
    root,
    calls,
    known,
    async write(more) {
      for (const [path, content] of Object.entries(more)) {
        await mkdir(dirname(join(root, path)), { recursive: true })
        await writeFile(join(root, path), content)
      }
    },
    async link(path, target) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await symlink(target, join(root, path))
    },
    load: () =>
      loadWorkspace({
        root,
        analyst,
        knownColumns: (dataset) => known[dataset] ?? null,
        cache: { get: (key) => stored.get(key), setAll: (answers) => answers.forEach((value, key) => stored.set(key, JSON.parse(JSON.stringify(value)))) },
      }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
  await workspace.write({ 'strata.yaml': 'name: test\n', ...files })
  return workspace
}

/** Reads a workspace made of these files. */
export async function loadFiles(files: Record<string, string | Uint8Array>, known: Record<string, TypedColumn[]> = {}): Promise<WorkspaceModel> {
  await using workspace = await testWorkspace(files)
  Object.assign(workspace.known, known)
  return await workspace.load()
}

/** Findings as `file:line:column code message (suggestion)`, one text each. */
export async function findingsOf(files: Record<string, string | Uint8Array>, known: Record<string, TypedColumn[]> = {}): Promise<string[]> {
  return (await loadFiles(files, known)).findings.map(findingText)
}

export function findingText({ severity, file, line, column, code, message, suggestion }: Finding): string {
  const place = line === null ? '' : `:${line}:${column}`
  return `${severity === 'warning' ? 'warning ' : ''}${file}${place} ${code} ${message}${suggestion === null ? '' : ` (${suggestion})`}`
}

export function stepOf(model: WorkspaceModel, dataset: string): StepModel {
  const step = model.dataTypes.flatMap(({ steps }: DataTypeModel) => steps).find((candidate) => candidate.dataset === dataset)
  if (step === undefined) throw new Error(`The workspace has no step ${dataset}`)
  return step
}

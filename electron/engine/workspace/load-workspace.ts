import { stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import type { WorkspaceModel } from './model.ts'

/** The analyst worker, as far as reading a workspace needs it. Called lazily: an unchanged workspace starts no worker. */
export interface AnalystPort {
  analyse(input: OpInput<'analyst', 'analyse'>): Promise<OpOutput<'analyst', 'analyse'>>
  describe(input: OpInput<'analyst', 'describe'>): Promise<OpOutput<'analyst', 'describe'>>
}

/** What the analyst answered before, by SHA-256. Values are plain JSON; what comes back is checked, so that an old cache does no harm. */
export interface AnalysisCache {
  get(key: string): unknown
  set(key: string, value: unknown): void
}

export interface LoadWorkspaceOptions {
  root: string
  analyst: AnalystPort
  /** Columns of the current version of an extract or entity dataset; null when it has none yet. */
  knownColumns(dataset: string): { name: string; type: string }[] | null
  cache: AnalysisCache
}

/**
 * Reads every file of a workspace and answers with the model and every mistake at once.
 * @throws ProblemError only when the folder or its strata.yaml does not exist
 */
export async function loadWorkspace({ root }: LoadWorkspaceOptions): Promise<WorkspaceModel> {
  const folder = resolve(root)
  const found = await stat(join(folder, 'strata.yaml')).catch(() => null)
  if (found === null) throw new ProblemError('NOT_FOUND', `${folder} is no workspace: it has no strata.yaml`, { hint: `strata init ${folder}` })
  return {
    root: folder,
    name: basename(folder),
    label: basename(folder),
    description: null,
    limits: { memoryMb: Math.min(4_096, Math.floor(totalmem() / 2 ** 21)), threads: Math.min(availableParallelism(), 8) },
    dataTypes: [],
    findings: [],
  }
}

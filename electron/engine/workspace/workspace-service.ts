import { watch } from 'node:fs'
import type { AnalysesStore } from '../ledger/analyses.store.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import { loadWorkspace } from './load-workspace.ts'
import type { WorkspaceModel } from './model.ts'
import type { TextFile } from './workspace-files.ts'

export interface WorkspaceServiceOptions {
  root: string
  workers: WorkerPool
  versions: VersionsReader
  analyses: AnalysesStore
  clock: () => number
}

/** Reads the workspace once and answers from memory until it is read again. */
export async function createWorkspaceService({ root, workers, versions, analyses, clock }: WorkspaceServiceOptions): Promise<WorkspaceService> {
  const load = (instead?: TextFile): Promise<WorkspaceModel> =>
    loadWorkspace({
      ...(instead === undefined ? {} : { instead }),
      root,
      cache: analyses,
      knownColumns: (dataset) => versions.latest(dataset)?.columns.map(({ name, type }) => ({ name, type })) ?? null,
      analyst: {
        analyse: (input) => workers.shared('analyst').call('analyse', input),
        describe: (input) => workers.shared('analyst').call('describe', input),
        grain: (input) => workers.shared('analyst').call('grain', input),
        syntax: (input) => workers.shared('analyst').call('syntax', input),
      },
    })
  let model = await load()
  let checkedAt = clock()
  let reading: Promise<WorkspaceModel> | null = null
  return {
    current: () => model,
    checkedAt: () => checkedAt,
    modelWith: load,
    reload() {
      reading ??= load()
        .then((fresh) => {
          model = fresh
          checkedAt = clock()
          return fresh
        })
        .finally(() => (reading = null))
      return reading
    },
  }
}

const DEBOUNCE_MS = 250
const WATCHED = /^(strata\.yaml$|(pipelines|queries)([\\/]|$))/

/** Calls back some moments after a file of the pipelines, or a named query, changed. */
export function watchWorkspace(root: string, onChange: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(root, { recursive: true, persistent: false }, (_event, name) => {
    if (name === null || !WATCHED.test(name)) return
    clearTimeout(timer)
    timer = setTimeout(onChange, DEBOUNCE_MS)
  })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}

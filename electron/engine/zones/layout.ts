import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { type DatasetId, parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'

/** Where everything lies in a workspace. The only place that knows the folder names. */
export interface Layout {
  readonly root: string
  readonly ledgerFile: string
  readonly lockFile: string
  /** Where the engine that holds the workspace can be reached. */
  readonly attachFile: string
  readonly logsDir: string
  /** Events on their way to an endpoint. */
  readonly lineageDir: string
  readonly cacheDir: string
  /** Journals of entity steps, by staging id. */
  readonly stagingDir: string
  /** Files that a browser sent, until they are a source's. */
  readonly uploadsDir: string
  /** Spill files of workers. */
  readonly tempDir: string
  readonly zonesDir: string
  readonly exportsDir: string
  datasetDir(dataset: DatasetId): string
  versionDir(dataset: DatasetId, version: number): string
  /** The folder a set-based step writes before it is sealed. */
  tempVersionDir(dataset: DatasetId, staging: string): string
  /** Where a removed version lies while its files go: recovery removes whatever a kill leaves there. */
  goneVersionDir(dataset: DatasetId, version: number): string
  journalFile(staging: string): string
  entitiesFile(staging: string): string
  /** Any other file of an attempt. */
  stagingFile(staging: string, name: string): string
  runLogFile(dataType: string, runNumber: number): string
  /** Rows of a version that break rules, a file a rule: a cache, which may be removed. */
  failingDir(dataset: DatasetId, version: number): string
  /** What is in the columns of a version: a cache, which may be removed. */
  profileFile(dataset: DatasetId, version: number): string
  /** What makes versions quick to look at in any order: a cache, which may be removed. */
  readonly copiesDir: string
  versionCopiesDir(dataset: DatasetId, version: number): string
  /** By what the entities of a version are found: a cache, which may be removed. */
  entityNamesDir(dataset: DatasetId, version: number): string
  /** Path in the workspace with forward slashes; absolute when outside. */
  relative(absolute: string): string
}

export const MANIFEST_NAME = 'manifest.json'
export const DELIVERED_DIR = 'delivered'
export const TEMP_PREFIX = '.tmp-'

export function createLayout(root: string): Layout {
  const inRoot = (...parts: string[]): string => path.join(root, ...parts)
  const datasetDir = (dataset: DatasetId): string => {
    const name = parseDatasetId(dataset)
    if (name === null) throw new ProblemError('BAD_INPUT', `"${dataset}" is not a dataset name`)
    return inRoot('zones', name.zone, name.dataType, name.name)
  }
  return {
    root,
    ledgerFile: inRoot('.strata', 'ledger.sqlite'),
    lockFile: inRoot('.strata', 'lock'),
    attachFile: inRoot('.strata', 'attach.json'),
    logsDir: inRoot('.strata', 'logs'),
    lineageDir: inRoot('.strata', 'openlineage'),
    cacheDir: inRoot('.strata', 'cache'),
    stagingDir: inRoot('.strata', 'staging'),
    uploadsDir: inRoot('.strata', 'uploads'),
    tempDir: inRoot('.strata', 'cache', 'spill'),
    zonesDir: inRoot('zones'),
    exportsDir: inRoot('exports'),
    datasetDir,
    versionDir: (dataset, version) => path.join(datasetDir(dataset), `v${version}`),
    tempVersionDir: (dataset, staging) => path.join(datasetDir(dataset), `${TEMP_PREFIX}${staging}`),
    goneVersionDir: (dataset, version) => path.join(datasetDir(dataset), `${TEMP_PREFIX}gone-v${version}`),
    journalFile: (staging) => inRoot('.strata', 'staging', `${staging}.ndjson`),
    entitiesFile: (staging) => inRoot('.strata', 'staging', `${staging}.entities`),
    stagingFile: (staging, name) => inRoot('.strata', 'staging', `${staging}.${name}`),
    runLogFile: (dataType, runNumber) => inRoot('.strata', 'logs', `${dataType}-${runNumber}.ndjson`),
    failingDir: (dataset, version) => inRoot('.strata', 'cache', 'failing', dataset, `v${version}`),
    profileFile: (dataset, version) => inRoot('.strata', 'cache', 'profiles', dataset, `v${version}.json`),
    copiesDir: inRoot('.strata', 'cache', 'copies'),
    versionCopiesDir: (dataset, version) => inRoot('.strata', 'cache', 'copies', dataset, `v${version}`),
    entityNamesDir: (dataset, version) => inRoot('.strata', 'cache', 'entity-names', dataset, `v${version}`),
    relative(absolute) {
      const relative = path.relative(root, absolute)
      return relative.startsWith('..') || path.isAbsolute(relative) ? absolute : relative.split(path.sep).join('/')
    },
  }
}

/** Everything an attempt keeps in the staging folder. */
export function stagingFiles(layout: Layout, staging: string): string[] {
  if (!existsSync(layout.stagingDir)) return []
  const names = readdirSync(layout.stagingDir).filter((name) => name.startsWith(`${staging}.`))
  return names.map((name) => path.join(layout.stagingDir, name))
}

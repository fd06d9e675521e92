import type { EngineStatus, WorkspaceSummary } from '../../../shared/contract/workspace.contract.ts'
import type { EngineParts } from '../parts.ts'
import type { VersionColumns } from '../lineage/version-columns.ts'
import { clearSourceFindings } from '../masks/clear-sources.ts'
import type { Masks } from '../masks/masks.ts'
import type { WorkspaceModel } from '../workspace/model.ts'
import type { Api } from './api.ts'
import type { VersionCopies } from '../copies/version-copies.ts'
import { dataTypeOutline } from './data-type-outline.ts'
import { overviewOf, type OverviewParts } from './overview.ts'
import type { VersionCache } from './version-cache.ts'

export interface WorkspaceControllerParts extends OverviewParts {
  columns: VersionColumns
  masks: Masks
  workspace: EngineParts['workspace']
  workers: EngineParts['workers']
  cache: VersionCache
  entityCache: VersionCache
  copies: Pick<VersionCopies, 'stats'>
  host: EngineStatus['host']
  appVersion: string
  startedAt: number
}

export function workspaceController(api: Api, parts: WorkspaceControllerParts) {
  const { workspace } = parts
  const summary = async (model: WorkspaceModel): Promise<WorkspaceSummary> => ({
    name: model.name,
    label: model.label,
    description: model.description,
    path: model.root,
    findings: [...model.findings, ...(await clearSourceFindings(parts, model))],
    resume: model.resume,
    checkedAt: new Date(workspace.checkedAt()).toISOString(),
    dataTypes: model.dataTypes.map(dataTypeOutline),
  })
  return {
    get: api.workspace.get.handler(() => summary(workspace.current())),
    check: api.workspace.check.handler(async () => summary(await workspace.reload())),
    overview: api.workspace.overview.handler(() => overviewOf(parts, workspace.current())),
    status: api.workspace.status.handler(() => ({
      appVersion: parts.appVersion,
      engineVersion: parts.appVersion,
      nodeVersion: process.versions.node,
      host: parts.host,
      startedAt: new Date(parts.startedAt).toISOString(),
      memoryBytes: process.memoryUsage.rss(),
      workers: parts.workers.living(),
      caches: [cacheStatus('pages', parts.cache), cacheStatus('entities', parts.entityCache), cacheStatus('copies', parts.copies)],
    })),
  }
}

function cacheStatus(name: EngineStatus['caches'][number]['name'], cache: Pick<VersionCache, 'stats'>): EngineStatus['caches'][number] {
  const { oldestAt, ...stats } = cache.stats()
  return { name, ...stats, oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString() }
}

import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError, toProblem } from '../../shared/domain/problem.ts'
import { createApi } from './controllers/api.ts'
import { auditController } from './controllers/audit.controller.ts'
import { chartController } from './controllers/chart.controller.ts'
import { checksController } from './controllers/checks.controller.ts'
import { compareController } from './controllers/compare.controller.ts'
import { contractsController } from './controllers/contracts.controller.ts'
import { cursorsController } from './controllers/cursors.controller.ts'
import { datasetLookController, queryLookController } from './controllers/look.controller.ts'
import { datasetsController } from './controllers/datasets.controller.ts'
import { deliveriesController } from './controllers/deliveries.controller.ts'
import { entitiesController } from './controllers/entities.controller.ts'
import { exportsController } from './controllers/exports.controller.ts'
import { gatesController } from './controllers/gates.controller.ts'
import { ingestController } from './controllers/ingest.controller.ts'
import { interventionsController } from './controllers/interventions.controller.ts'
import { historyController } from './controllers/history.controller.ts'
import { groupsController, runAllController } from './controllers/groups.controller.ts'
import { lineageController } from './controllers/lineage.controller.ts'
import { openLineageController } from './controllers/open-lineage.controller.ts'
import { liveController } from './controllers/live.controller.ts'
import { masksController } from './controllers/masks.controller.ts'
import { logsController } from './controllers/logs.controller.ts'
import { profilesController } from './controllers/profiles.controller.ts'
import { publishController } from './controllers/publish.controller.ts'
import { pipelinesController } from './controllers/pipelines.controller.ts'
import { pivotController } from './controllers/pivot.controller.ts'
import { planController } from './controllers/plan.controller.ts'
import { quarantineController } from './controllers/quarantine.controller.ts'
import { queryController } from './controllers/query.controller.ts'
import { queueController } from './controllers/queue.controller.ts'
import { runsController } from './controllers/runs.controller.ts'
import { secretsController } from './controllers/secrets.controller.ts'
import { sqlPadController } from './controllers/sql-pad.controller.ts'
import { stepTestsController } from './controllers/step-tests.controller.ts'
import { storageController } from './controllers/storage.controller.ts'
import { viewsController } from './controllers/views.controller.ts'
import { schedulesController } from './controllers/schedules.controller.ts'
import { createVersionCache } from './controllers/version-cache.ts'
import { workspaceController } from './controllers/workspace.controller.ts'
import { createVersionCopies, type VersionCopies } from './copies/version-copies.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { createExportService } from './exports/export-service.ts'
import { type Keeper, openKeeper } from './keep/keeper.ts'
import { createVersionHolds } from './keep/version-holds.ts'
import { createAnalysesStore } from './ledger/analyses.store.ts'
import { createAuditStore } from './ledger/audit.store.ts'
import { createChecksStore } from './ledger/checks.store.ts'
import { createCodeStore } from './ledger/code.store.ts'
import { createCommandsStore } from './ledger/commands.store.ts'
import { createCursorsStore } from './ledger/cursors.store.ts'
import { createDecisionsStore } from './ledger/decisions.store.ts'
import { createDeliveriesStore } from './ledger/deliveries.store.ts'
import { createEntitiesStore } from './ledger/entities.store.ts'
import { createEventsStore } from './ledger/events.store.ts'
import { createExportsStore } from './ledger/exports.store.ts'
import { createGatesStore } from './ledger/gates.store.ts'
import { createKeptFilesStore } from './ledger/kept-files.store.ts'
import { createHistoryStore } from './ledger/history.store.ts'
import { createGroupsStore } from './ledger/groups.store.ts'
import { type Ledger, openLedger } from './ledger/ledger.ts'
import { createMarksStore } from './ledger/marks.store.ts'
import { createMasks, type Masks } from './masks/masks.ts'
import { createPlanChangesStore } from './ledger/plan-changes.store.ts'
import { createPublicationsStore } from './ledger/publications.store.ts'
import { createQuarantineStore } from './ledger/quarantine.store.ts'
import { createQueriesStore } from './ledger/queries.store.ts'
import { createRunsStore } from './ledger/runs.store.ts'
import { createSchedulesStore } from './ledger/schedules.store.ts'
import { createStepsStore } from './ledger/steps.store.ts'
import { createUpkeepStore } from './ledger/upkeep.store.ts'
import { createVersionMetricsStore } from './ledger/version-metrics.store.ts'
import { createVersionsStore } from './ledger/versions.store.ts'
import { acquireWorkspaceLock, type WorkspaceLock } from './ledger/workspace-lock.ts'
import { followRuns, type LineageFollower } from './lineage/open-lineage/follow-runs.ts'
import { createVersionColumns, type VersionColumns } from './lineage/version-columns.ts'
import type { EngineParts, Stores } from './parts.ts'
import { createEventHub } from './runs/event-hub.ts'
import { recover } from './runs/recovery.ts'
import { resumeInterrupted } from './runs/resume-interrupted.ts'
import { createDatasetProfiles } from './profiles/dataset-profiles.ts'
import { createRunGroups, type RunGroups } from './runs/run-groups.ts'
import { createRunManager, type RunManager } from './runs/run-manager.ts'
import { runShare } from './runs/run-share.ts'
import { createScheduler, type Scheduler, SETTLING } from './schedules/scheduler.ts'
import { createRedactor, type Redactor } from './secrets/redactor.ts'
import { createSecretBook } from './secrets/secret-book.ts'
import { type AttachEndpoint, serveAttach } from './serve/attach-endpoint.ts'
import { personActor } from './serve/person-actor.ts'
import { createQueryResults, type QueryResults } from './sql-pad/query-results.ts'
import { createSandboxes, SANDBOXES, type Sandboxes } from './sql-pad/sandboxes.ts'
import type { WorkerKind } from './workers/wire.ts'
import { createWorkerPool } from './workers/worker-pool.ts'
import { createWorkspaceService, watchWorkspace } from './workspace/workspace-service.ts'
import { durable } from './zones/durable.ts'
import { createLayout, type Layout } from './zones/layout.ts'

/**
 * Wires a workspace's engine: the one place where parts meet. While another Strata has the workspace open, a command line, which has
 * tried to attach to that one before, gets an engine that reads; a window is refused.
 * @throws WORKSPACE_LOCKED, NOT_FOUND when there is no workspace in the folder, CONFLICT for a ledger from a newer Strata
 */
export async function createEngine(given: EngineOptions): Promise<Engine> {
  const redactor = createRedactor()
  const options = { ...given, log: redactingLog(given.log, redactor) }
  const { clock = Date.now, log, host } = options
  const layout = createLayout(path.resolve(options.workspaceDir))
  await refuseNoWorkspace(layout)
  await Promise.all([layout.stagingDir, layout.tempDir, layout.logsDir].map((dir) => mkdir(dir, { recursive: true })))
  const lock = lockWorkspace(layout, options)
  if (lock !== null) await clearSpill(layout)
  const ledger = await openLedger(layout.ledgerFile, { readonly: lock === null, redact: redactor.text }).catch((error: unknown) => {
    lock?.release()
    throw error
  })
  const parts = await assemble(options, { layout, ledger, clock, redactor })
  const manager = createRunManager(parts)
  const { columns, masks } = whatMayBeSeen(parts)
  const exporter = createExportService({ ...parts, masks }, { mayWriteOutside: ({ via }) => via === 'cli' || (via === 'window' && host === 'desktop') })
  if (lock !== null) {
    beginRecord(parts, host)
    const cutOff = await recover(parts)
    if (options.resumeInterrupted ?? host !== 'cli') resumeInterrupted(parts, manager)
    else for (const run of cutOff) log('warn', `${run.dataType} #${run.runNumber} was interrupted`)
  }
  const keeper = openKeeper(parts, { looks: host !== 'cli' })
  const groups = createRunGroups(parts, manager)
  const scheduler = createScheduler(parts, manager, { isLive: lock !== null && host !== 'cli', ...SETTLING, ...(options.fileRestMs === undefined ? {} : { settleMs: options.fileRestMs }) })
  const follower = await followRuns({ ...parts, columns }, { isWriter: lock !== null })
  const sandboxes = createSandboxes(parts.workers)
  const results = createQueryResults({ ...parts, masks, sandboxes })
  const copies = createVersionCopies(parts)
  const router = createRouter({ parts, masks, manager, groups, scheduler, exporter, keeper, sandboxes, results, copies, columns, follower, options, startedAt: clock() })
  const endpoint = lock === null ? null : await openEndpoint(parts, options, router)
  const watcher = host === 'cli' ? null : watchWorkspace(layout.root, () => void reloadQuietly(parts))
  return {
    router,
    workspaceDir: layout.root,
    isReadonly: lock === null,
    activeRuns: manager.active,
    onActiveRuns: manager.onActive,
    attachedClients: () => endpoint?.clients() ?? 0,
    wasAttached: () => endpoint?.wasUsed() ?? false,
    refuseClients: () => endpoint?.retire(),
    announceWindow: (url) => endpoint?.announceWindow(url),
    async close() {
      watcher?.[Symbol.dispose]()
      await endpoint?.close()
      await scheduler.close()
      await manager.close()
      await follower.close()
      await exporter.close()
      await keeper.close()
      await Promise.all([results.close(), copies.close()])
      parts.hub.close()
      await parts.workers.close()
      ledger.close()
      lock?.release()
      log('info', 'The engine is closed')
    },
  }
}

function redactingLog(log: EngineOptions['log'], { text, deep }: Redactor): EngineOptions['log'] {
  return (level, message, facts) => log(level, text(message), facts === undefined ? undefined : Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, deep(value)])))
}

/** An engine that nobody can attach to is better than none, so a machine that lets nobody listen only loses that. */
async function openEndpoint({ layout, clock, log }: EngineParts, { host, appVersion }: EngineOptions, router: Engine['router']): Promise<AttachEndpoint | null> {
  try {
    return await serveAttach({ router, file: layout.attachFile, host, version: appVersion, clock, log })
  } catch (error) {
    log('warn', `Other programs cannot attach to this Strata: ${toProblem(error).message}`)
    return null
  }
}

/** What workers had spilled that were killed together with their engine. */
async function clearSpill({ tempDir }: Layout): Promise<void> {
  const names = await readdir(tempDir)
  await Promise.all(names.map((name) => rm(path.join(tempDir, name), { recursive: true, force: true })))
}

async function refuseNoWorkspace(layout: Layout): Promise<void> {
  const found = await stat(path.join(layout.root, 'strata.yaml')).catch(() => null)
  if (found?.isFile() === true) return
  throw new ProblemError('NOT_FOUND', `${layout.root} is no workspace: it has no strata.yaml`, { hint: `Make one with: strata init ${layout.root}`, details: { path: layout.root } })
}

/** Null: somebody else has it, and this host may read. */
function lockWorkspace(layout: Layout, { host, clock = Date.now, whenLocked = host === 'cli' ? 'read' : 'refuse' }: EngineOptions): WorkspaceLock | null {
  const lock = acquireWorkspaceLock(layout.lockFile, { pid: process.pid, host, since: new Date(clock()).toISOString() })
  if (!('heldBy' in lock)) return lock
  if (whenLocked === 'read') return null
  throw lockedProblem(layout.root, lock.heldBy)
}

function lockedProblem(root: string, holder: { pid: number; host: string; since: string } | null): ProblemError {
  const who = holder === null ? 'another Strata' : `Strata (${holder.host}, process ${holder.pid}, since ${holder.since})`
  return new ProblemError('WORKSPACE_LOCKED', `${root} is open in ${who}`, { hint: 'Work there, or close it there first. The command line needs neither: it attaches to the Strata that has the workspace open', details: { ...holder } })
}

async function assemble(options: EngineOptions, { layout, ledger, clock, redactor }: { layout: Layout; ledger: Ledger; clock: () => number; redactor: Redactor }): Promise<EngineParts> {
  const events = createEventsStore(ledger)
  const versions = createVersionsStore(ledger, events)
  const runs = createRunsStore(ledger, events, clock)
  const stores: Stores = {
    ledger,
    events,
    versions,
    runs,
    groups: createGroupsStore(ledger, runs),
    schedules: createSchedulesStore(ledger, runs),
    steps: createStepsStore(ledger, events, clock),
    deliveries: createDeliveriesStore(ledger),
    entities: createEntitiesStore(ledger),
    checks: createChecksStore(ledger),
    metrics: createVersionMetricsStore(ledger),
    history: createHistoryStore(ledger),
    code: createCodeStore(ledger),
    analyses: createAnalysesStore(ledger),
    gates: createGatesStore(ledger),
    marks: createMarksStore(ledger),
    quarantine: createQuarantineStore(ledger),
    decisions: createDecisionsStore(ledger),
    exports: createExportsStore(ledger, events),
    audit: createAuditStore(ledger),
    commands: createCommandsStore(ledger),
    planChanges: createPlanChangesStore(ledger, events),
    publications: createPublicationsStore(ledger, events),
    files: createKeptFilesStore(ledger, events),
    upkeep: createUpkeepStore(ledger, events),
    cursors: createCursorsStore(ledger),
    queries: createQueriesStore(ledger),
  }
  const limits = { memoryMb: 2_048, threads: 2, runs: 1, copiesMb: 0 }
  const workers = createWorkerPool({
    spawn: options.spawnWorker,
    log: options.log,
    initFor: (kind, runs) => ({ ...(kind === 'run' ? runShare(limits, runs) : browsing(limits, kind)), tempDir: layout.tempDir }),
  })
  const workspace = await createWorkspaceService({ root: layout.root, workers, versions, analyses: stores.analyses, clock })
  Object.assign(limits, workspace.current().limits)
  const hub = createEventHub({ ledger, events, clock })
  return { ...stores, layout, durable, workspace, workers, hub, holds: createVersionHolds(), secrets: createSecretBook(options.secrets, redactor), clock, log: options.log, engineVersion: options.appVersion }
}

/** Looking at data beside a run must not take the memory that the run was promised. */
function browsing({ memoryMb, threads }: { memoryMb: number; threads: number }, kind: WorkerKind): { memoryMb: number; threads: number } {
  const shared = Math.max(256, Math.round(memoryMb / 2))
  return { memoryMb: kind === 'sandbox' ? Math.round(shared / SANDBOXES) : shared, threads }
}

/** The first entry of the audit trail: who opened the workspace first. Until then nothing in it can have been changed. */
function beginRecord({ audit, workspace, clock }: EngineParts, host: EngineOptions['host']): void {
  if (audit.links({ seq: 0, hash: '' }, 1).length > 0) return
  audit.append({ actor: personActor(host === 'cli' ? 'cli' : 'window'), action: 'init', target: workspace.current().name, details: { dataTypes: workspace.current().dataTypes.map(({ name }) => name) } }, clock())
}

async function reloadQuietly({ workspace, ledger, events, clock, log }: EngineParts): Promise<void> {
  try {
    await workspace.reload()
    ledger.write(() => events.append({ kind: 'workspace', text: 'changed' }, clock()))
  } catch (error) {
    log('warn', `The workspace could not be read again: ${toProblem(error).message}`)
  }
}

function whatMayBeSeen(parts: EngineParts): { columns: VersionColumns; masks: Masks } {
  const columns = createVersionColumns(parts)
  return { columns, masks: createMasks({ ...parts, columns }) }
}

interface RouterParts {
  parts: EngineParts
  masks: Masks
  manager: RunManager
  groups: RunGroups
  scheduler: Scheduler
  exporter: ReturnType<typeof createExportService>
  keeper: Keeper
  sandboxes: Sandboxes
  results: QueryResults
  copies: VersionCopies
  columns: VersionColumns
  follower: LineageFollower
  options: EngineOptions
  startedAt: number
}

function createRouter({ parts, masks, manager, groups, scheduler, exporter, keeper, sandboxes, results, copies, columns, follower, options, startedAt }: RouterParts): Engine['router'] {
  const api = createApi(options.log, parts.secrets.redactor)
  const cache = createVersionCache()
  const entityCache = createVersionCache()
  const shared = { ...parts, masks, manager, exporter, cache, copies, progressOf: manager.progressOf }
  return {
    workspace: workspaceController(api, { ...shared, columns, entityCache, host: options.host, appVersion: options.appVersion, startedAt }),
    runs: { ...runsController(api, shared), ...planController(api, shared), ...runAllController(api, { ...parts, groups }) },
    queue: queueController(api, manager),
    groups: groupsController(api, { ...parts, groups, reader: parts.groups, manager }),
    schedules: schedulesController(api, { ...parts, scheduler }),
    views: viewsController(api, parts),
    datasets: { ...chartController(api, shared), ...pivotController(api, shared), ...datasetsController(api, shared), ...datasetLookController(api, shared), ...profilesController(api, { versions: parts.versions, masks, profiles: createDatasetProfiles(parts) }) },
    contracts: contractsController(api, shared),
    checks: checksController(api, shared),
    compare: compareController(api, shared),
    deliveries: deliveriesController(api, parts),
    entities: entitiesController(api, { ...shared, cache: entityCache, isLive: options.host !== 'cli' }),
    history: historyController(api, shared),
    lineage: { ...lineageController(api, { ...shared, columns }), ...openLineageController(api, { ...parts, follower }) },
    live: liveController(api, shared),
    logs: logsController(api, shared),
    masks: masksController(api, shared),
    exports: exportsController(api, shared),
    ingest: ingestController(api, { ...shared, host: options.host }),
    pipelines: pipelinesController(api, parts),
    tests: stepTestsController(api, { ...parts, masks, sandboxes }),
    query: { ...queryController(api, { ...shared, sandboxes, results }), ...queryLookController(api, { ...shared, results }), ...sqlPadController(api, { ...parts, sandboxes }) },
    gates: gatesController(api, shared),
    interventions: interventionsController(api, shared),
    audit: auditController(api, shared),
    publish: publishController(api, shared),
    secrets: secretsController(api, parts),
    cursors: cursorsController(api, parts),
    quarantine: quarantineController(api, shared),
    storage: storageController(api, { ...parts, jobs: keeper.jobs }),
  }
}

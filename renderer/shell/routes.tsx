import { firstSteps } from '../ui/first-steps.store.ts'
import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { z } from 'zod'
import { ACTOR_KINDS } from '../../shared/domain/actor.ts'
import { shownStateSchema } from '../../shared/contract/quarantine.contract.ts'
import { dataTypeNameSchema } from '../../shared/domain/naming.ts'
import { chartSpecSchema } from '../../shared/domain/chart.ts'
import { pivotViewSchema } from '../../shared/domain/pivot.ts'
import { filterSchema, sortSchema } from '../../shared/domain/table-query.ts'
import { readSearch, writeSearch } from '../ui/search-text.ts'
import { Frame } from './frame.tsx'
import { NotFound, RouteError } from './route-states.tsx'

/**
 * The addresses of the window, and the only place that joins features to it. Hash history, so that `app://` and a plain
 * HTTP server serve the same window. Search values that make no sense are dropped, not fatal: addresses are typed by hand too.
 */

const OverviewScreen = lazyRouteComponent(() => import('../features/overview/overview-screen.tsx'), 'OverviewScreen')
const RunsScreen = lazyRouteComponent(() => import('../features/runs/runs-screen.tsx'), 'RunsScreen')
const CompareScreen = lazyRouteComponent(() => import('../features/compare/compare-screen.tsx'), 'CompareScreen')
const VersionsScreen = lazyRouteComponent(() => import('../features/compare/versions-screen.tsx'), 'VersionsScreen')
const RunScreen = lazyRouteComponent(() => import('../features/runs/run-screen.tsx'), 'RunScreen')
const GroupScreen = lazyRouteComponent(() => import('../features/runs/group-screen.tsx'), 'GroupScreen')
const ApprovalScreen = lazyRouteComponent(() => import('../features/gates/approval-screen.tsx'), 'ApprovalScreen')
const AuditScreen = lazyRouteComponent(() => import('../features/audit/audit-screen.tsx'), 'AuditScreen')
const DataScreen = lazyRouteComponent(() => import('../features/data/data-screen.tsx'), 'DataScreen')
const WelcomeScreen = lazyRouteComponent(() => import('../features/overview/welcome-screen.tsx'), 'WelcomeScreen')
const EntityScreen = lazyRouteComponent(() => import('../features/data/entity-screen.tsx'), 'EntityScreen')
const SqlScreen = lazyRouteComponent(() => import('../features/sql/sql-screen.tsx'), 'SqlScreen')
const LineageScreen = lazyRouteComponent(() => import('../features/lineage/lineage-screen.tsx'), 'LineageScreen')
const TraceScreen = lazyRouteComponent(() => import('../features/lineage/trace-screen.tsx'), 'TraceScreen')
const QuarantineScreen = lazyRouteComponent(() => import('../features/quality/quarantine-screen.tsx'), 'QuarantineScreen')
const ContractsScreen = lazyRouteComponent(() => import('../features/quality/contracts-screen.tsx'), 'ContractsScreen')
const ChecksScreen = lazyRouteComponent(() => import('../features/quality/checks-screen.tsx'), 'ChecksScreen')
const ExportsScreen = lazyRouteComponent(() => import('../features/exports/exports-screen.tsx'), 'ExportsScreen')
const IngestScreen = lazyRouteComponent(() => import('../features/ingest/ingest-screen.tsx'), 'IngestScreen')
const PipelinesScreen = lazyRouteComponent(() => import('../features/pipelines/pipelines-screen.tsx'), 'PipelinesScreen')
const StorageScreen = lazyRouteComponent(() => import('../features/storage/storage-screen.tsx'), 'StorageScreen')
const SettingsScreen = lazyRouteComponent(() => import('../features/settings/settings-screen.tsx'), 'SettingsScreen')

const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NotFound })

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: () => <Navigate to={firstSteps().welcomed ? '/overview' : '/welcome'} replace />,
})

const welcomeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/welcome', component: WelcomeScreen })

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/overview',
  component: OverviewScreen,
})

const textSchema = z.string().max(200).optional().catch(undefined)

const typedTextSchema = z.coerce.string().max(200).optional().catch(undefined)
const runDaySchema = z.iso.date().optional().catch(undefined)
const runListSearchSchema = z.object({
  view: z.enum(['errors', 'logs']).optional().catch(undefined), dataType: textSchema, state: textSchema, trigger: textSchema, from: runDaySchema, to: runDaySchema, text: typedTextSchema,
})
const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs',
  validateSearch: runListSearchSchema,
  component: RunsScreen,
})

const runNumberSchema = z.int().min(1).optional().catch(undefined)
const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/compare',
  validateSearch: z.object({ dataType: textSchema, from: runNumberSchema, to: runNumberSchema, dataset: textSchema, kind: textSchema, key: typedTextSchema }),
  component: CompareScreen,
})

const runSearchSchema = z.object({ tab: z.enum(['steps', 'entities', 'quarantine', 'checks', 'trend', 'log', 'io']).optional().catch(undefined) })
const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$dataType/$runNumber',
  validateSearch: runSearchSchema,
  component: RunScreen,
})

const groupRoute = createRoute({ getParentRoute: () => rootRoute, path: '/runs/run-group/$group', component: GroupScreen })

const approvalSearchSchema = z.object({ gate: textSchema, dataset: textSchema })
const approvalRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$dataType/$runNumber/approval',
  validateSearch: approvalSearchSchema,
  component: ApprovalScreen,
})

/** More files than an address holds are dropped as a folder. */
const MAX_PATHS = 500

const daySchema = z.iso.date().optional().catch(undefined)
const auditSearchSchema = z.object({
  text: z.coerce.string().max(200).optional().catch(undefined),
  actor: z.enum(ACTOR_KINDS).optional().catch(undefined),
  action: textSchema,
  target: textSchema,
  from: daySchema,
  to: daySchema,
})
const auditRoute = createRoute({ getParentRoute: () => rootRoute, path: '/audit', validateSearch: auditSearchSchema, component: AuditScreen })

const dataSearchSchema = z.object({
  v: z.int().min(1).optional().catch(undefined),
  sort: z.array(sortSchema).max(8).optional().catch(undefined),
  filter: z.array(filterSchema).max(32).optional().catch(undefined),
  view: typedTextSchema,
  chart: chartSpecSchema.optional().catch(undefined),
  pivot: pivotViewSchema.optional().catch(undefined),
})
const dataRoute = createRoute({ getParentRoute: () => rootRoute, path: '/data', validateSearch: dataSearchSchema, component: DataScreen })
const datasetRoute = createRoute({ getParentRoute: () => rootRoute, path: '/data/$dataset', validateSearch: dataSearchSchema, component: DataScreen })
const diffSearchSchema = z.object({ from: runNumberSchema, to: runNumberSchema, kind: textSchema, key: typedTextSchema })
const diffRoute = createRoute({ getParentRoute: () => rootRoute, path: '/data/$dataset/diff', validateSearch: diffSearchSchema, component: VersionsScreen })
const entitySearchSchema = z.object({ type: dataTypeNameSchema.optional().catch(undefined), run: z.int().min(1).optional().catch(undefined) })
const entityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/data/entity/$entityId',
  validateSearch: entitySearchSchema.extend({ tab: textSchema }),
  component: EntityScreen,
})

const sqlRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sql',
  validateSearch: entitySearchSchema.extend({ sql: z.coerce.string().max(200_000).optional().catch(undefined), name: typedTextSchema, pins: z.array(z.tuple([z.string(), z.int().min(1)])).max(50).optional().catch(undefined) }),
  component: SqlScreen,
})

const lineageSearchSchema = entitySearchSchema.extend({ v: z.int().min(1).optional().catch(undefined), column: typedTextSchema })
const lineageRoute = createRoute({ getParentRoute: () => rootRoute, path: '/lineage', validateSearch: lineageSearchSchema, component: LineageScreen })
const lineageOfRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/lineage/$dataset',
  validateSearch: lineageSearchSchema,
  component: LineageScreen,
})

const traceSearchSchema = z.object({ v: z.int().min(1).optional().catch(undefined), filter: z.array(filterSchema).max(64).optional().catch(undefined), column: typedTextSchema })
const traceRoute = createRoute({ getParentRoute: () => rootRoute, path: '/lineage/$dataset/trace', validateSearch: traceSearchSchema, component: TraceScreen })

const qualityRoute = createRoute({ getParentRoute: () => rootRoute, path: '/quality', component: () => <Navigate to='/quality/quarantine' replace /> })
const qualitySearchSchema = z.object({ dataType: textSchema, text: typedTextSchema })
const quarantineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/quality/quarantine',
  validateSearch: qualitySearchSchema.extend({ dataset: textSchema, signature: z.coerce.string().max(400).optional().catch(undefined), state: z.enum([...shownStateSchema.options, 'all']).optional().catch(undefined) }),
  component: QuarantineScreen,
})
const contractsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/quality/contracts', validateSearch: qualitySearchSchema.extend({ dataset: textSchema, suggest: textSchema }), component: ContractsScreen })
const checksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/quality/checks',
  validateSearch: qualitySearchSchema.extend({ dataset: textSchema, rule: z.coerce.string().max(600).optional().catch(undefined) }),
  component: ChecksScreen,
})

const exportsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/exports',
  component: ExportsScreen,
})

const ingestRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ingest',
  validateSearch: z.object({ paths: z.array(z.string()).max(MAX_PATHS).optional().catch(undefined) }),
  component: IngestScreen,
})

const pipelinesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/pipelines',
  validateSearch: z.object({ file: z.string().max(400).optional().catch(undefined), line: z.int().min(1).optional().catch(undefined) }),
  component: PipelinesScreen,
})

const storageRoute = createRoute({ getParentRoute: () => rootRoute, path: '/storage', component: StorageScreen })

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: SettingsScreen,
})

const routeTree = rootRoute.addChildren([
  indexRoute, welcomeRoute, overviewRoute, runsRoute, compareRoute, groupRoute, runRoute, approvalRoute, auditRoute, dataRoute, datasetRoute, diffRoute, entityRoute, sqlRoute, lineageRoute, lineageOfRoute, traceRoute, qualityRoute, quarantineRoute, contractsRoute, checksRoute, exportsRoute, ingestRoute, pipelinesRoute, storageRoute, settingsRoute,
])

/** Gets every screen while nobody waits, so that moving is instant and does not need the server again. */
export async function preloadScreens(): Promise<void> {
  for (const screen of [WelcomeScreen, OverviewScreen, RunsScreen, CompareScreen, VersionsScreen, RunScreen, GroupScreen, ApprovalScreen, AuditScreen, DataScreen, EntityScreen, SqlScreen, LineageScreen, TraceScreen, QuarantineScreen, ContractsScreen, ChecksScreen, ExportsScreen, IngestScreen, PipelinesScreen, StorageScreen, SettingsScreen]) await screen.preload?.()
}

export function createAppRouter() {
  return createRouter({
    routeTree,
    history: createHashHistory(),
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultErrorComponent: RouteError,
    defaultPendingMs: 150,
    defaultPendingMinMs: 0,
    defaultPreload: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}

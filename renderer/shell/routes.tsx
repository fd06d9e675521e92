import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { z } from 'zod'
import { filterSchema, sortSchema } from '../../shared/domain/table-query.ts'
import { Frame } from './frame.tsx'
import { NotFound, RouteError } from './route-states.tsx'

/**
 * The addresses of the window, and the only place that joins features to it. Hash history, so that `app://` and a plain
 * HTTP server serve the same window. Search values that make no sense are dropped, not fatal: addresses are typed by hand too.
 */

/** Screens by file, so that a screen that is not there yet breaks its own address only. */
const screens = import.meta.glob<Record<string, ComponentType>>('../features/{data,lineage,exports}/*-screen.tsx')
function screenOf(file: string, name: string) {
  return lazyRouteComponent(screens[file] ?? (() => Promise.reject(new Error(`${file} is missing`))), name)
}

const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NotFound })

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: () => <Navigate to='/overview' replace />,
})

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/overview',
  component: lazyRouteComponent(() => import('../features/overview/overview-screen.tsx'), 'OverviewScreen'),
})

const textSchema = z.string().max(200).optional().catch(undefined)

const runListSearchSchema = z.object({ dataType: textSchema, state: textSchema, text: z.coerce.string().max(200).optional().catch(undefined) })
const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs',
  validateSearch: runListSearchSchema,
  component: lazyRouteComponent(() => import('../features/runs/runs-screen.tsx'), 'RunsScreen'),
})

const runSearchSchema = z.object({ tab: z.enum(['steps', 'entities', 'quarantine', 'checks', 'log', 'io']).optional().catch(undefined) })
const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$dataType/$runNumber',
  validateSearch: runSearchSchema,
  component: lazyRouteComponent(() => import('../features/runs/run-screen.tsx'), 'RunScreen'),
})

const dataSearchSchema = z.object({
  v: z.int().min(1).optional().catch(undefined),
  sort: z.array(sortSchema).max(8).optional().catch(undefined),
  filter: z.array(filterSchema).max(32).optional().catch(undefined),
})
const loadDataScreen = screenOf('../features/data/data-screen.tsx', 'DataScreen')
const dataRoute = createRoute({ getParentRoute: () => rootRoute, path: '/data', validateSearch: dataSearchSchema, component: loadDataScreen })
const datasetRoute = createRoute({ getParentRoute: () => rootRoute, path: '/data/$dataset', validateSearch: dataSearchSchema, component: loadDataScreen })
const entityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/data/entity/$entityId',
  component: screenOf('../features/data/entity-screen.tsx', 'EntityScreen'),
})

const lineageSearchSchema = z.object({ v: z.int().min(1).optional().catch(undefined) })
const loadLineageScreen = screenOf('../features/lineage/lineage-screen.tsx', 'LineageScreen')
const lineageRoute = createRoute({ getParentRoute: () => rootRoute, path: '/lineage', validateSearch: lineageSearchSchema, component: loadLineageScreen })
const lineageOfRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/lineage/$dataset',
  validateSearch: lineageSearchSchema,
  component: loadLineageScreen,
})

const exportsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/exports',
  component: screenOf('../features/exports/exports-screen.tsx', 'ExportsScreen'),
})

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/settings/settings-screen.tsx'), 'SettingsScreen'),
})

const routeTree = rootRoute.addChildren([
  indexRoute, overviewRoute, runsRoute, runRoute, dataRoute, datasetRoute, entityRoute, lineageRoute, lineageOfRoute, exportsRoute, settingsRoute,
])

export function createAppRouter() {
  return createRouter({
    routeTree,
    history: createHashHistory(),
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

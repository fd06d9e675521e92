import { createORPCClient } from '@orpc/client'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { onlineManager, QueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import type { StrataHost } from '../../shared/contract/host.contract.ts'
import type { ApiClient, ApiQueries } from './api-client.ts'
import { openPortChannel, openSocketChannel, takeToken } from './channel.ts'
import { type ConnectionState, EngineConnection } from './engine-connection.ts'
import { EventFeed, isMutable } from './event-feed.ts'

/** Everything the window has of the engine. Made once, in main.tsx. */
export interface Api {
  /** Commands and one-off calls: `client.runs.cancel({ run })`. */
  client: ApiClient
  /** Options for TanStack Query: `useQuery(queries.datasets.list.queryOptions())`. Kept fresh by the event stream. */
  queries: ApiQueries
  queryClient: QueryClient
  connection: EngineConnection
  feed: EventFeed
  /** The desktop program, or null in a browser. */
  host: StrataHost | null
}

/** Options for what never changes: anything asked of a fixed version. */
export const IMMUTABLE = { staleTime: Number.POSITIVE_INFINITY, gcTime: 30 * 60_000, meta: { immutable: true } } as const

export function createApi(host: StrataHost | null): Api {
  const connection = new EngineConnection(host === null ? openSocketChannel(takeToken()) : openPortChannel(host))
  const client: ApiClient = createORPCClient(connection)
  const queries = createTanstackQueryUtils(client)
  const queryClient = createQueryClient()
  const feed = new EventFeed({ client, queries, queryClient, connection })
  return { client, queries, queryClient, connection, feed, host }
}

/** Connects, follows the connection, and listens to the engine's events. Returns the way to stop. */
export function startApi({ connection, feed, queryClient, host }: Api): () => void {
  // While the engine is away, queries wait instead of failing, and keep what they have; commands fail at once.
  onlineManager.setEventListener(() => undefined)
  const follow = (): void => {
    const { phase } = connection.state
    onlineManager.setOnline(phase === 'ready' || phase === 'connecting')
  }
  const unsubscribe = connection.subscribe(follow)
  const stopFeed = feed.start()
  const stopWatching = watchWorkspace(host, () => {
    feed.reset()
    void queryClient.resetQueries()
  })
  void connection.run()
  return () => {
    unsubscribe()
    stopFeed()
    stopWatching()
    connection.close()
    queryClient.clear()
  }
}

/** Calls back when the desktop program opens another workspace: nothing remembered is true of it. */
function watchWorkspace(host: StrataHost | null, onChange: () => void): () => void {
  if (host === null) return () => undefined
  let workspaceDir: string | null = null
  return host.onEngineState((state) => {
    if (workspaceDir !== null && workspaceDir !== state.workspaceDir) onChange()
    workspaceDir = state.workspaceDir
  })
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The event stream says when something is old; focus and mounting do not.
      queries: { staleTime: 60_000, gcTime: 10 * 60_000, refetchOnWindowFocus: false, refetchOnReconnect: (query) => (isMutable(query) ? 'always' : false), retry: false },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

const ApiContext = createContext<Api | null>(null)

export function ApiProvider({ api, children }: { api: Api; children: ReactNode }) {
  return <ApiContext value={api}>{children}</ApiContext>
}

export function useApi(): Api {
  const api = useContext(ApiContext)
  if (api === null) throw new Error('useApi needs an ApiProvider above it')
  return api
}

export function useConnectionState(): ConnectionState {
  const { connection } = useApi()
  return useSyncExternalStore(connection.subscribe, () => connection.state)
}

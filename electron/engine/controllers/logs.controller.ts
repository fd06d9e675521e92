import type { RunsReader } from '../ledger/runs.store.ts'
import { searchLogs } from '../runs/search-logs.ts'
import type { Layout } from '../zones/layout.ts'
import type { Api } from './api.ts'
import { mustFindRun } from './find-run.ts'

export function logsController(api: Api, parts: { runs: RunsReader; layout: Layout }) {
  return {
    search: api.logs.search.handler(({ input, signal }) => {
      if (input.run !== undefined) mustFindRun(parts.runs, input.run)
      return searchLogs(parts, input, signal)
    }),
  }
}

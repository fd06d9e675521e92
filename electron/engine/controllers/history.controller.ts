import type { HistoryReader } from '../ledger/history.store.ts'
import type { RunsReader } from '../ledger/runs.store.ts'
import { mustFindRun } from './find-run.ts'
import type { Api } from './api.ts'

export function historyController(api: Api, { history, runs }: { history: HistoryReader; runs: RunsReader }) {
  return {
    calendar: api.history.calendar.handler(({ input }) => ({ days: history.calendar(input) })),
    trends: api.history.trends.handler(({ input }) => ({ steps: history.trends(mustFindRun(runs, input.run), input.points) })),
    errors: api.history.errors.handler(({ input: { dataType, text = '', offset, limit } }) => {
      const wanted = text.trim().toLowerCase()
      const groups = history.errors(dataType).filter((group) => wanted === '' || `${group.signature} ${group.example} ${group.datasets.join(' ')}`.toLowerCase().includes(wanted))
      return { total: groups.length, groups: groups.slice(offset, offset + limit) }
    }),
  }
}

import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunRow, RunsReader } from '../ledger/runs.store.ts'
import type { LineageEvent } from '../lineage/open-lineage/facets.ts'
import type { LineageFollower } from '../lineage/open-lineage/follow-runs.ts'
import type { WorkspaceService } from '../parts.ts'
import type { Api } from './api.ts'
import { mustFindRun } from './find-run.ts'

export interface OpenLineageParts {
  runs: RunsReader
  workspace: WorkspaceService
  follower: LineageFollower
}

export function openLineageController(api: Api, { runs, workspace, follower }: OpenLineageParts) {
  return {
    openLineage: api.lineage.openLineage.handler(async ({ input: { dataType, runNumber, limit }, signal }) => {
      if (runNumber !== undefined && dataType === undefined) throw new ProblemError('BAD_INPUT', 'A run is named by its data type and number', { hint: 'Give dataType too' })
      const chosen = dataType !== undefined && runNumber !== undefined ? [mustFindRun(runs, { dataType, runNumber })] : newest(runs, dataType, limit)
      const events: LineageEvent[] = []
      for (const run of chosen) events.push(...(await follower.eventsOf(run, signal)))
      return { events: events.map((event) => ({ ...event })) }
    }),
    openLineageState: api.lineage.openLineageState.handler(async () => {
      const { name, lineageSink } = workspace.current()
      return { namespace: lineageSink?.namespace ?? `strata://${name}`, file: lineageSink?.file ?? null, url: lineageSink?.endpoint?.url ?? null, ...(await follower.state()) }
    }),
  }
}

function newest(runs: RunsReader, dataType: string | undefined, limit: number): RunRow[] {
  return runs.list({ ...(dataType === undefined ? {} : { dataType }), offset: 0, limit }).runs.toReversed()
}

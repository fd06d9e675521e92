import type { RunGroup } from '../../../shared/contract/groups.contract.ts'

export interface GroupBar {
  /** 0 to 1 of the time from the first start to now, or to the last end. */
  from: number
  to: number
}

/** When each run of a group went on, on one axis; null for those that never began. */
export function groupBars({ runs, finishedAt }: Pick<RunGroup, 'finishedAt'> & { runs: readonly { startedAt: string | null; finishedAt: string | null }[] }, now: number): (GroupBar | null)[] {
  const starts = runs.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
  const first = Math.min(...starts)
  const last = finishedAt === null ? now : Math.max(first, ...runs.flatMap((run) => (run.finishedAt === null ? [] : [Date.parse(run.finishedAt)])))
  const length = Math.max(1, last - first)
  return runs.map((run) => {
    if (run.startedAt === null) return null
    const to = run.finishedAt === null ? last : Date.parse(run.finishedAt)
    return { from: (Date.parse(run.startedAt) - first) / length, to: Math.min(1, (to - first) / length) }
  })
}

import { useMemo } from 'react'
import type { StartedGroup } from '../../shared/contract/groups.contract.ts'
import type { RunRef } from '../../shared/contract/runs.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { goTo, groupAddress, runAddress } from './addresses.ts'
import { countOf } from './format.ts'
import { useToast } from './toast.tsx'

export interface RunToasts {
  onQueued: (run: RunRef) => void
  onGroupQueued: (group: StartedGroup) => void
  onLeftOut: (dataTypes: readonly string[]) => void
  onProblem: (problem: Problem) => void
}

/** What is said when runs are started, in the same words everywhere. */
export function useRunToasts(): RunToasts {
  const toast = useToast()
  return useMemo(
    () => ({
      onQueued: (run) => toast({ status: 'queued', title: `${run.dataType} #${run.runNumber} is queued`, action: { label: 'Open run', run: () => goTo(runAddress(run)) } }),
      onGroupQueued: ({ group, runs }) => toast({ status: 'queued', title: `${countOf(runs.length, 'run')} queued as group ${group}`, action: { label: 'Open group', run: () => goTo(groupAddress(group)) } }),
      onLeftOut: (dataTypes) => toast({ status: 'failed', title: `${dataTypes.join(', ')} did not run`, text: 'Their files, or those of what they read, have mistakes: see the findings.' }),
      onProblem: (problem) => toast({ status: 'failed', title: problem.message, ...(problem.hint === null ? {} : { text: problem.hint }) }),
    }),
    [toast],
  )
}

import { useMemo } from 'react'
import type { StartedGroup } from '../../shared/contract/groups.contract.ts'
import type { RunRef } from '../../shared/contract/runs.contract.ts'
import type { RunPriority } from '../../shared/domain/run-priority.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { useRunCommands } from './use-run-commands.ts'

/** Null data type: all of them. Null entities: all of them. */
interface Request {
  dataType: string | null
  entities: readonly string[] | null
  priority?: RunPriority
}

interface Say {
  onQueued: (run: RunRef) => void
  onGroupQueued: (group: StartedGroup) => void
  onLeftOut: (dataTypes: readonly string[]) => void
  onProblem: (problem: Problem) => void
}

/** Starts what a run dialog or a run button asks for, and tells what came of it. */
export function useRunRequests({ onQueued, onGroupQueued, onLeftOut, onProblem }: Say): (request: Request) => void {
  const commands = useRunCommands(onProblem)
  return useMemo(
    () => (request) => {
      if (request.dataType === null) {
        void commands.startAll(request.priority).then((started) => {
          if (started === null) return
          onGroupQueued(started)
          if (started.leftOut.length > 0) onLeftOut(started.leftOut.map(({ dataType }) => dataType))
        })
        return
      }
      void commands.start(request.dataType, request.entities ?? undefined).then((run) => run !== null && onQueued(run))
    },
    [commands, onGroupQueued, onLeftOut, onQueued],
  )
}

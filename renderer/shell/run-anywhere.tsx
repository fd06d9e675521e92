import { useQuery } from '@tanstack/react-query'
import { useApi } from '../api/api.tsx'
import { useRunPlanning } from '../api/use-run-planning.ts'
import { RunDialog } from '../ui/run-dialog.tsx'
import { useRunToasts } from '../ui/run-toasts.ts'

/** The run dialog over any view, for what is started from the palette. */
export function RunAnywhere({ dataType, onClose }: { dataType: string; onClose: () => void }) {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const planning = useRunPlanning(useRunToasts())
  if (workspace.data === undefined) return null
  return <RunDialog open onClose={onClose} dataTypes={workspace.data.dataTypes} initial={dataType} {...planning} />
}

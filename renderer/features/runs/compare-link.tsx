import { useQuery } from '@tanstack/react-query'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { compareAddress } from '../../ui/addresses.ts'
import { LinkButton } from '../../ui/button.tsx'

/** Runs that are looked through for the one before. */
const LOOKED_AT = 50

/** Compares a run with the last one before it that succeeded, else with the one before. */
export function CompareLink({ run: { dataType, runNumber } }: { run: RunRef }) {
  const { queries } = useApi()
  const succeeded = useQuery({ ...queries.runs.list.queryOptions({ input: { dataType, states: ['succeeded'], limit: LOOKED_AT } }), enabled: runNumber > 1 })
  if (runNumber <= 1) return null
  const before = succeeded.data?.runs.find((run) => run.runNumber < runNumber)?.runNumber ?? runNumber - 1
  return <LinkButton icon='diff' href={compareAddress({ dataType, from: before, to: runNumber })}>Compare with #{before}</LinkButton>
}

import { compareContract } from './compare.contract.ts'
import { datasetsContract } from './datasets.contract.ts'
import { entitiesContract } from './entities.contract.ts'
import { exportsContract } from './exports.contract.ts'
import { lineageContract } from './lineage.contract.ts'
import { queryContract } from './query.contract.ts'
import { runsContract } from './runs.contract.ts'
import { workspaceContract } from './workspace.contract.ts'

/** The whole API. Window, command line and HTTP speak nothing else. */
export const contract = {
  workspace: workspaceContract,
  runs: runsContract,
  datasets: datasetsContract,
  compare: compareContract,
  entities: entitiesContract,
  lineage: lineageContract,
  exports: exportsContract,
  query: queryContract,
}
export type Contract = typeof contract

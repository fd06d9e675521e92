import { auditContract } from './audit.contract.ts'
import { chartContract } from './chart.contract.ts'
import { checksContract } from './checks.contract.ts'
import { columnLineageContract } from './column-lineage.contract.ts'
import { compareContract } from './compare.contract.ts'
import { contractsContract } from './contracts.contract.ts'
import { cursorsContract } from './cursors.contract.ts'
import { datasetsContract } from './datasets.contract.ts'
import { deliveriesContract } from './deliveries.contract.ts'
import { entitiesContract } from './entities.contract.ts'
import { exportsContract } from './exports.contract.ts'
import { gatesContract } from './gates.contract.ts'
import { ingestContract } from './ingest.contract.ts'
import { interventionsContract } from './interventions.contract.ts'
import { historyContract } from './history.contract.ts'
import { groupsContract, runAllContract } from './groups.contract.ts'
import { datasetLookContract, queryLookContract } from './look.contract.ts'
import { lineageContract } from './lineage.contract.ts'
import { liveContract } from './live.contract.ts'
import { logsContract } from './logs.contract.ts'
import { pivotContract } from './pivot.contract.ts'
import { planContract } from './plan.contract.ts'
import { datasetCopiesContract, entityCopiesContract } from './copies.contract.ts'
import { profileContract } from './profile.contract.ts'
import { publishContract } from './publish.contract.ts'
import { quarantineContract } from './quarantine.contract.ts'
import { queryContract } from './query.contract.ts'
import { queueContract } from './queue.contract.ts'
import { runsContract } from './runs.contract.ts'
import { schedulesContract } from './schedules.contract.ts'
import { secretsContract } from './secrets.contract.ts'
import { sqlPadContract } from './sql-pad.contract.ts'
import { storageContract } from './storage.contract.ts'
import { viewsContract } from './views.contract.ts'
import { workspaceContract } from './workspace.contract.ts'
import { traceContract } from './trace.contract.ts'
import { masksContract } from './masks.contract.ts'
import { openLineageContract } from './open-lineage.contract.ts'
import { pipelinesContract } from './pipelines.contract.ts'
import { stepTestsContract } from './step-tests.contract.ts'

/** The whole API. Window, command line and HTTP speak nothing else. */
export const contract = {
  workspace: workspaceContract,
  runs: { ...runsContract, ...planContract, ...runAllContract },
  queue: queueContract,
  groups: groupsContract,
  schedules: schedulesContract,
  datasets: { ...chartContract, ...pivotContract, ...datasetCopiesContract, ...datasetsContract, ...profileContract, ...datasetLookContract },
  contracts: contractsContract,
  checks: checksContract,
  compare: compareContract,
  deliveries: deliveriesContract,
  entities: { ...entitiesContract, ...entityCopiesContract },
  history: historyContract,
  pipelines: pipelinesContract,
  tests: stepTestsContract,
  lineage: { ...lineageContract, ...columnLineageContract, ...traceContract, ...openLineageContract },
  live: liveContract,
  logs: logsContract,
  masks: masksContract,
  exports: exportsContract,
  ingest: ingestContract,
  query: { ...queryContract, ...sqlPadContract, ...queryLookContract },
  gates: gatesContract,
  interventions: interventionsContract,
  audit: auditContract,
  publish: publishContract,
  quarantine: quarantineContract,
  secrets: secretsContract,
  cursors: cursorsContract,
  storage: storageContract,
  views: viewsContract,
}
export type Contract = typeof contract

import type { ContractListItem, ContractState, ContractVersion } from '../../../shared/contract/contracts.contract.ts'
import { type CheckCounts, type ChecksReader, NO_CHECKS } from '../ledger/checks.store.ts'
import { isoTime } from '../ledger/rows.ts'
import { publishedAt, type VersionRow, type VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import type { StepModel } from '../workspace/model.ts'
import type { Api } from './api.ts'

export interface ContractsControllerParts {
  workspace: WorkspaceService
  versions: VersionsReader
  checks: ChecksReader
}

const VERSIONS_SHOWN = 12

export function contractsController(api: Api, parts: ContractsControllerParts) {
  return {
    list: api.contracts.list.handler(({ input }) => {
      const wanted = parts.workspace.current().dataTypes.filter(({ name }) => input?.dataType === undefined || name === input.dataType)
      return wanted.flatMap(({ steps }) => steps.map((step) => listItem(parts, step)))
    }),
  }
}

function listItem({ versions, checks }: ContractsControllerParts, { dataset, dataType, zone, name, contract }: StepModel): ContractListItem {
  const shown = versions.ofDataset(dataset, VERSIONS_SHOWN)
  const counts = checks.countsOfVersions(shown.map(({ id }) => id))
  return {
    dataset,
    dataType,
    zone,
    name,
    file: contract?.file ?? null,
    description: contract?.description ?? null,
    key: contract?.key ?? [],
    ruleCount: contract?.checks.length ?? 0,
    versions: shown.map((version) => versionOf(version, counts.get(version.id) ?? NO_CHECKS)),
  }
}

function versionOf(version: VersionRow, counts: CheckCounts): ContractVersion {
  return {
    version: version.number,
    runNumber: version.runNumber,
    at: isoTime(version.createdAt),
    isCurrent: version.isCurrent,
    publishedAt: publishedAt(version),
    state: stateOf(counts),
    passed: counts.passed,
    warned: counts.warned,
    blocked: counts.blocked,
  }
}

function stateOf({ passed, warned, blocked }: CheckCounts): ContractState {
  if (blocked > 0) return 'blocked'
  if (warned > 0) return 'warns'
  return passed > 0 ? 'holds' : 'unchecked'
}

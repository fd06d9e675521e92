import type { ContractListItem, ContractState, ContractVersion } from '../../../shared/contract/contracts.contract.ts'
import { type CheckCounts, NO_CHECKS } from '../../../shared/domain/check-counts.ts'
import type { ChecksReader } from '../ledger/checks.store.ts'
import { isoTime } from '../ledger/rows.ts'
import { publishedAt, type VersionRow, type VersionsReader } from '../ledger/versions.store.ts'
import { suggestContract, type SuggestParts } from '../contracts/suggest/suggest-contract.ts'
import { exportOdcs, importOdcs } from '../contracts/odcs/exchange-odcs.ts'
import { saveContract } from '../contracts/suggest/save-contract.ts'
import type { Masks } from '../masks/masks.ts'
import type { EngineParts } from '../parts.ts'
import { findVersion } from './find-version.ts'
import type { StepModel } from '../workspace/model.ts'
import type { Api } from './api.ts'

export type ContractsControllerParts = SuggestParts & Pick<EngineParts, 'durable' | 'audit' | 'commands' | 'ledger' | 'metrics'> & { checks: ChecksReader; versions: VersionsReader }

const VERSIONS_SHOWN = 12

export function contractsController(api: Api, parts: ContractsControllerParts) {
  return {
    suggest: api.contracts.suggest.handler(({ input, context: { actor }, signal }) => suggestContract(parts, findVersion(parts.versions, input), { actor, signal })),
    save: api.contracts.save.handler(({ input, context: { actor } }) => saveContract(parts, { ...input, actor })),
    exportOdcs: api.contracts.exportOdcs.handler(({ input }) => ({ yaml: exportOdcs(parts, input?.dataset) })),
    importOdcs: api.contracts.importOdcs.handler(({ input, context: { actor } }) => importOdcs(parts, { ...input, actor })),
    list: api.contracts.list.handler(async ({ input }) => {
      const wanted = parts.workspace.current().dataTypes.filter(({ name }) => input?.dataType === undefined || name === input.dataType)
      return Promise.all(wanted.flatMap(({ steps }) => steps.map((step) => listItem(parts, step))))
    }),
  }
}

async function listItem({ versions, checks, metrics, masks }: ContractsControllerParts, { dataset, dataType, zone, name, contract }: StepModel): Promise<ContractListItem> {
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
    ...(await sensitivityOf(masks, contract, shown[0])),
    versions: shown.map((version) => versionOf(version, counts.get(version.id) ?? NO_CHECKS, metrics.driftWords(version.id))),
  }
}

async function sensitivityOf(masks: Masks, contract: StepModel['contract'], version: VersionRow | undefined): Promise<Pick<ContractListItem, 'sensitive' | 'undeclared' | 'inClear'>> {
  if (version === undefined) return { sensitive: [], undeclared: [], inClear: [] }
  const declared = new Set((contract?.columns ?? []).flatMap((column) => (column.sensitive === true ? [column.name.toLowerCase()] : [])))
  const { columns, unknown } = await masks.sensitive(version)
  return { sensitive: columns.map((column) => ({ column, isDeclared: declared.has(column.toLowerCase()) })), undeclared: unknown, inClear: await masks.inClear(version) }
}

function versionOf(version: VersionRow, counts: CheckCounts, drift: string | null): ContractVersion {
  return {
    version: version.number,
    runNumber: version.runNumber,
    at: isoTime(version.createdAt),
    isCurrent: version.isCurrent,
    publishedAt: publishedAt(version),
    state: stateOf(counts),
    ...counts,
    drift,
  }
}

function stateOf({ passed, warned, quarantined, blocked }: CheckCounts): ContractState {
  if (blocked > 0) return 'blocked'
  if (warned > 0) return 'warns'
  if (quarantined > 0) return 'quarantines'
  return passed > 0 ? 'holds' : 'unchecked'
}

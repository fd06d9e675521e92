import type { Gate, ShownDataset } from '../../../shared/contract/gates.contract.ts'
import { type RunRef, runRefSchema } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { GateRow } from '../ledger/gates.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import { approveGate, rejectGate } from '../runs/decide-gate.ts'
import type { RunManager } from '../runs/run-manager.ts'
import type { Api } from './api.ts'
import { toRun } from './runs.controller.ts'

export type GatesControllerParts = Pick<EngineParts, 'ledger' | 'runs' | 'steps' | 'gates' | 'audit' | 'commands' | 'versions' | 'checks' | 'clock'> & { manager: RunManager }

export function gatesController(api: Api, parts: GatesControllerParts) {
  const { runs, gates, commands, clock } = parts
  const must = ({ dataType, runNumber }: RunRef): RunRow => {
    const run = runs.find(dataType, runNumber)
    if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${dataType} #${runNumber}`, { hint: 'The runs screen and "strata runs" list them' })
    return run
  }
  const once = (commandId: string, work: () => RunRow) =>
    toRun(must(commands.once({ id: commandId, at: clock() }, (answer) => runRefSchema.parse(answer), () => {
      const { dataType, runNumber } = work()
      return { dataType, runNumber }
    })))

  return {
    waiting: api.gates.waiting.handler(() => ({ gates: gates.waiting().map(toGate) })),
    ofRun: api.gates.ofRun.handler(({ input }) => ({ gates: gates.ofRun(must(input.run).id).map(toGate) })),
    get: api.gates.get.handler(({ input }) => {
      const gate = gates.find(must(input.run).id, input.gate)
      if (gate === null) throw new ProblemError('NOT_FOUND', `${input.run.dataType} #${input.run.runNumber} has come to no gate ${input.gate}`, { hint: 'The page of the run names those it has come to' })
      return { gate: toGate(gate), datasets: gate.shown.map(({ versionId }) => describeShown(parts, versionId)) }
    }),
    approve: api.gates.approve.handler(({ input: { commandId, run: ref, gate, reason = null }, context: { actor } }) =>
      once(commandId, () => approveGate(parts, parts.manager, { ref, gate, reason, actor })),
    ),
    reject: api.gates.reject.handler(({ input: { commandId, run: ref, gate, reason }, context: { actor } }) =>
      once(commandId, () => rejectGate(parts, { ref, gate, reason, actor })),
    ),
  }
}

function toGate({ runId: _run, shown, ...gate }: GateRow): Gate {
  return { ...gate, shown: shown.map(({ dataset, version }) => ({ dataset, version })) }
}

function describeShown({ versions, checks }: GatesControllerParts, versionId: number): ShownDataset {
  const version = versions.byId(versionId)
  const published = versions.current(version.dataset)
  return {
    dataset: version.dataset,
    version: version.number,
    rowCount: version.rowCount,
    sizeBytes: version.sizeBytes,
    published: published === null ? null : { version: published.number, rowCount: published.rowCount, runNumber: published.runNumber },
    isSame: published?.contentHash === version.contentHash,
    columns: published === null ? { added: [], removed: [], changed: [] } : columnChanges(published.columns, version.columns),
    checks: checks.ofVersion(versionId),
    publishedChecks: published === null ? [] : checks.ofVersion(published.id),
  }
}

function columnChanges(before: readonly Column[], after: readonly Column[]): ShownDataset['columns'] {
  const only = (columns: readonly Column[], others: readonly Column[]) =>
    columns.filter(({ name }) => !others.some((other) => other.name === name)).map(({ name, type }) => ({ name, type }))
  const changed = after.flatMap(({ name, type }) => {
    const earlier = before.find((column) => column.name === name)
    return earlier === undefined || earlier.type === type ? [] : [{ name, from: earlier.type, to: type }]
  })
  return { added: only(after, before), removed: only(before, after), changed }
}

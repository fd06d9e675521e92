import type { ShownVersion } from '../ledger/gates.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { DataTypeModel, GateSpec } from '../workspace/model.ts'
import type { RunContext } from './run-context.ts'
import type { RunLog } from './run-log.ts'

/** Thrown where a run has come to a gate that nobody has opened for what it shows now. Ends the pass, not the run. */
export class GateReached extends Error {
  readonly gate: GateSpec
  readonly shown: ShownVersion[]

  constructor(gate: GateSpec, shown: ShownVersion[]) {
    super(`The run waits at the gate ${gate.name}`)
    this.name = 'GateReached'
    this.gate = gate
    this.shown = shown
  }
}

export function hasGate({ gates }: DataTypeModel, before: GateSpec['before']): boolean {
  return gates.some((gate) => gate.before === before)
}

/**
 * Lets the run by if every gate in front of `before` is approved for exactly the versions that it shows now, or shows nothing that
 * is not published already.
 * @throws GateReached otherwise
 */
export function passGates(context: RunContext, before: GateSpec['before']): void {
  const { parts, run, dataType, log } = context
  for (const gate of dataType.gates.filter((candidate) => candidate.before === before)) {
    const versions = gate.shows.flatMap((dataset) => context.resolve(dataset) ?? [])
    if (versions.every((version) => version.isCurrent)) {
      log.write('info', `Nothing new at the gate ${gate.name}: what it shows is published already`)
      continue
    }
    const shown = versions.map(({ dataset, number, id }) => ({ dataset, version: number, versionId: id }))
    const known = parts.gates.find(run.id, gate.name)
    if (known?.state !== 'approved' || !isSameShow(known.shown, shown)) throw new GateReached(gate, shown)
  }
}

function isSameShow(a: readonly ShownVersion[], b: readonly ShownVersion[]): boolean {
  return a.length === b.length && a.every(({ versionId }) => b.some((other) => other.versionId === versionId))
}

/** The run gives back its worker and its place in the queue, and waits for as long as it takes. One transaction. */
export function waitAtGate({ parts, run, log }: { parts: EngineParts; run: RunRow; log: RunLog }, { gate, shown }: GateReached): void {
  parts.ledger.write(() => {
    parts.gates.reach({ runId: run.id, name: gate.name, before: gate.before, message: gate.message, shown }, parts.clock())
    parts.runs.transition(run.id, 'waiting', { summary: `Waits for approval at ${gate.name}` })
  })
  log.write('info', `${run.dataType} #${run.runNumber} waits at the gate ${gate.name}: "strata approve ${run.dataType}#${run.runNumber}" lets it go on`)
}

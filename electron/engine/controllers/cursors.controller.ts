import { z } from 'zod'
import type { Cursor } from '../../../shared/contract/cursors.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { isoTime } from '../ledger/rows.ts'
import type { EngineParts } from '../parts.ts'
import type { ExtractStep } from '../workspace/model.ts'
import type { IncrementalSpec } from '../workspace/remote-model.ts'
import type { Api } from './api.ts'

type Parts = Pick<EngineParts, 'cursors' | 'workspace' | 'ledger' | 'commands' | 'audit' | 'clock'>
type IncrementalStep = ExtractStep & { source: { incremental: IncrementalSpec } }

export function cursorsController(api: Api, parts: Parts) {
  const { cursors, ledger, commands, audit, clock } = parts
  return {
    list: api.cursors.list.handler(() => ({ cursors: incrementalSteps(parts).map((step) => describe(parts, step)) })),
    set: api.cursors.set.handler(({ input: { commandId, dataset, value, reason }, context: { actor } }) => {
      const step = find(parts, dataset)
      const at = clock()
      ledger.write(() =>
        commands.once({ id: commandId, at }, z.literal(true).parse, () => {
          const before = cursors.find(dataset)?.value ?? null
          if (value === null) cursors.clear(dataset)
          else cursors.set({ dataset, column: step.source.incremental.column, value, at, actor, reason })
          audit.append({ actor, action: 'cursor_set', target: dataset, details: { reason }, before: { value: before }, after: { value } }, at)
          return true as const
        }),
      )
      return describe(parts, step)
    }),
  }
}

function isIncremental(step: ExtractStep): step is IncrementalStep {
  return step.source.incremental !== undefined
}

function incrementalSteps({ workspace }: Parts): IncrementalStep[] {
  return workspace.current().dataTypes.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'extract' && isIncremental(step) ? [step] : [])))
}

function find(parts: Parts, dataset: string): IncrementalStep {
  const steps = incrementalSteps(parts)
  const step = steps.find((candidate) => candidate.dataset === dataset)
  if (step !== undefined) return step
  const known = steps.map((candidate) => candidate.dataset)
  throw new ProblemError('NOT_FOUND', `${dataset} is not read incrementally, so it has no cursor`, { hint: known.length === 0 ? 'Declare incremental: { column: … } for a source that is asked over the network' : `Those that have one: ${known.join(', ')}`, details: { dataset } })
}

function describe({ cursors }: Parts, { dataset, source: { incremental } }: IncrementalStep): Cursor {
  const found = cursors.find(dataset)
  // One of another column holds for nothing.
  const cursor = found?.column === incremental.column ? found : null
  return {
    dataset,
    column: incremental.column,
    value: cursor?.value ?? null,
    initial: incremental.initial,
    at: cursor === null ? null : isoTime(cursor.at),
    run: cursor?.run ?? null,
    setBy: cursor?.setBy ?? null,
  }
}

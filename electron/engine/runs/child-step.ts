import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { removedProblem } from '../keep/removed-problem.ts'
import { type ChildStep, hashChild, parentOf } from '../planning/decide-child.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import { commitExtracted } from './extract-step.ts'
import { carryDeliveries, readKept } from './kept-deliveries.ts'
import type { RunContext } from './run-context.ts'
import type { StagedRow } from './stage-step.ts'
import type { StepOutcome } from './step-outcome.ts'

/** Extract of a child: what its source was delivered in this run, or before, is read once more, as the child declares it. Nothing is asked for or looked up a second time. */
export async function runChildStep(context: RunContext, step: ChildStep, row: StagedRow): Promise<StepOutcome> {
  const { parts } = context
  const parent = parentVersion(context, step)
  const outDir = parts.layout.tempVersionDir(step.dataset, row.staging)
  const dir = path.join(outDir, DELIVERED_DIR)
  await mkdir(dir, { recursive: true })
  const facts = await carryDeliveries(context, parent, dir)
  const lookedAt = parts.clock()
  const result = await readKept(context, step, { row, facts, outDir, columns: {} })
  await parts.durable.syncDir(dir)
  return commitExtracted(context, { step, row, result, outDir, lookedAt }, { sourceHash: hashChild(parts, step, parent), files: result.files.map((file) => ({ ...file, ...facts.get(file.fileName) })) })
}

function parentVersion({ parts, resolve }: RunContext, step: ChildStep): VersionRow {
  const dataset = parentOf(step)
  const version = resolve(dataset) ?? parts.versions.current(dataset)
  if (version === null) throw new ProblemError('NOT_FOUND', `${step.dataset} reads what ${dataset} was delivered, which has no published version`, { hint: `Run ${dataset} too`, details: { dataset, errorClass: 'bad_data' } })
  if (version.removedAt !== null) throw removedProblem([version])
  return version
}

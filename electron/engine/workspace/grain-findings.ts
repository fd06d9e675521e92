import { z } from 'zod'
import { type DatasetId, parseDatasetId } from '../../../shared/domain/naming.ts'
import type { GrainProblem, OpInput } from '../workers/wire.ts'
import type { AnalysisCache, AnalystPort } from './analyst-port.ts'
import type { FindingList } from './finding-list.ts'
import { reportAnalyst, sha256 } from './statement-book.ts'
import type { LinkedStep } from './step-links.ts'
import type { DatasetColumns } from './type-check.ts'

type Statement = OpInput<'analyst', 'grain'>['statements'][number]

interface Candidate {
  step: LinkedStep
  statement: Statement
  isFromHistory: boolean
}

/** Raise when the check itself changes, so that answers of the old one are not used. */
const CHECK_VERSION = 1

const problemsSchema = z.array(z.object({ message: z.string(), offset: z.number(), suggestion: z.string() }))

/**
 * Holds every `grain: entity` against its SELECT, as far as the columns of what it reads are known; the run does the same with the
 * columns it finds. What rests on an earlier version's columns is a warning, because the next run may bring others.
 */
export async function checkEntityGrain(
  steps: readonly LinkedStep[],
  typed: ReadonlyMap<DatasetId, DatasetColumns>,
  { analyst, cache, findings }: { analyst: AnalystPort; cache: AnalysisCache; findings: FindingList },
): Promise<void> {
  const candidates = steps.flatMap((step) => candidateOf(step, typed) ?? [])
  const known = new Map<string, GrainProblem[]>()
  for (const { statement } of candidates) {
    const cached = problemsSchema.safeParse(cache.get(statement.id))
    if (cached.success) known.set(statement.id, cached.data)
  }
  const unknown = candidates.filter(({ statement }) => !known.has(statement.id))
  if (unknown.length > 0) {
    const answers = await analyst.grain({ statements: unknown.map(({ statement }) => statement) }).catch((error: unknown) => reportAnalyst(error, findings))
    for (const { id, findings: problems } of answers ?? []) known.set(id, problems)
    cache.setAll(new Map((answers ?? []).map(({ id, findings: problems }) => [id, problems])))
  }
  for (const candidate of candidates) report(candidate, known.get(candidate.statement.id) ?? [], findings)
}

function candidateOf({ model, statement, ...step }: LinkedStep, typed: ReadonlyMap<DatasetId, DatasetColumns>): Candidate | null {
  if (model?.kind !== 'sql' || model.entity === null || model.entity.isUnsafe || statement === null) return null
  const reads = model.inputs.flatMap((input) => {
    const dataset = parseDatasetId(input)
    const known = typed.get(input)
    return dataset === null || known === undefined ? [] : [{ dataset, columns: known.columns.map(({ name, type }) => ({ name, type })) }]
  })
  if (reads.length < model.inputs.length) return null
  const { key } = model.entity
  const facts = { sql: statement.sql, dataType: model.dataType, key, reads }
  const isFromHistory = model.inputs.some((input) => typed.get(input)?.isFromHistory ?? true)
  return { step: { model, statement, ...step }, statement: { id: sha256(`grain ${CHECK_VERSION}\n${JSON.stringify(facts)}`), ...facts }, isFromHistory }
}

function report({ step, isFromHistory }: Candidate, problems: readonly GrainProblem[], findings: FindingList): void {
  for (const { message, offset, suggestion } of problems) {
    findings.add({
      severity: isFromHistory ? 'warning' : 'error',
      code: 'entity-grain',
      file: step.draft.file.path,
      ...(step.statement === null ? {} : { at: step.statement.placeOf(offset) }),
      message: `grain: entity does not hold. ${message}`,
      suggestion,
    })
  }
}

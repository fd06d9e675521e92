import { mkdir, writeFile } from 'node:fs/promises'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RecordAccount } from '../../../shared/domain/record-account.ts'
import { datedChecks } from '../contracts/check-facts.ts'
import { checkReads, siftRules } from '../planning/check-timing.ts'
import type { DeliveredFile } from '../workers/delivered-file.ts'
import type { FileSums, SiftDecision, SiftOutput } from '../workers/sift.wire.ts'
import type { CheckSpec, StepModel } from '../workspace/model.ts'
import type { RunContext } from './run-context.ts'
import type { SiftedStep, StagedStep, WrittenStep } from './written-step.ts'

/**
 * Takes out of what a step wrote the rows that break a rule which quarantines, and replays what was decided about its records. What needs
 * neither costs nothing.
 */
export async function siftStep(context: RunContext, staged: StagedStep, made: WrittenStep): Promise<SiftedStep> {
  const rules = datedChecks(siftRules(staged.step.contract), context.parts.clock())
  const decisions = context.parts.decisions.active(staged.step.dataset)
  if (rules.length === 0 && decisions.length === 0 && made.rejectsName === null) return { ...made, skipped: made.skipped ?? 0, originals: null }
  const decisionsFile = await writeDecisions(context, staged, decisions)
  const sifted = await sift(context, staged, { made, rules, decisionsFile })
  if (decisionsFile !== null) await context.parts.durable.remove(decisionsFile)
  const { written, rejectsName, originals, quarantined } = sifted
  const skipped = sifted.skipped + (made.skipped ?? 0)
  if (staged.step.kind !== 'extract' && quarantined + skipped > 0) context.log.write(quarantined > 0 ? 'warn' : 'info', sumText(written.rowCount, sifted), staged.step.dataset)
  return { ...made, written, rejectsName, originals, quarantined, skipped, files: made.files.map((file) => accountOf(file, sifted.files)) }
}

/** What a file holds as `_file` names it: itself, or the members of an archive. */
function textsOf({ fileName, members }: DeliveredFile): string[] {
  return members.length === 0 ? [fileName] : members.map(({ name }) => `${fileName}/${name}`)
}

/** The account of a file after the sift; what a rule of the source left out before is no part of it. */
function accountOf(file: DeliveredFile, sums: readonly FileSums[]): DeliveredFile {
  const sifted = <T extends RecordAccount>(account: T, text: string): T => {
    const sum = sums.find(({ fileName }) => fileName === text)
    return sum === undefined ? account : { ...account, loaded: sum.loaded, quarantined: sum.quarantined, skipped: account.skipped + sum.skipped }
  }
  if (file.members.length === 0) return sifted(file, file.fileName)
  const members = file.members.map((member) => sifted(member, `${file.fileName}/${member.name}`))
  const total = (key: 'loaded' | 'quarantined' | 'skipped'): number => members.reduce((sum, member) => sum + member[key], 0)
  return { ...file, members, loaded: total('loaded'), quarantined: total('quarantined'), skipped: total('skipped') }
}

async function writeDecisions({ parts }: RunContext, { row }: StagedStep, decisions: readonly SiftDecision[]): Promise<string | null> {
  if (decisions.length === 0) return null
  const file = parts.layout.stagingFile(row.staging, 'decisions')
  await mkdir(parts.layout.stagingDir, { recursive: true })
  await writeFile(file, decisions.map((decision) => `${JSON.stringify(toReplay(decision))}\n`).join(''))
  return file
}

interface ToSift {
  made: WrittenStep
  rules: CheckSpec[]
  decisionsFile: string | null
}

function sift(context: RunContext, { step, row }: StagedStep, { made, rules, decisionsFile }: ToSift): Promise<SiftOutput> {
  const dataset = parseDatasetId(step.dataset)
  if (dataset === null) throw new ProblemError('INTERNAL', `A step makes "${step.dataset}"`)
  const others = [...new Set(rules.flatMap(checkReads))].filter((other) => other !== step.dataset)
  return context.worker().call(
    'sift',
    {
      dataset,
      dir: context.parts.layout.tempVersionDir(step.dataset, row.staging),
      written: made.written,
      rejectsName: made.rejectsName,
      files: made.files.flatMap(textsOf),
      rules,
      reads: others.map((other) => context.source(other, step.dataset)),
      variables: context.variables,
      key: step.contract?.key ?? [],
      orderBy: orderOf(step),
      decisionsFile,
      keepsOriginals: step.kind === 'entity' || (step.kind === 'sql' && step.entity !== null),
    },
    { signal: context.signal, onProgress: (progress) => context.progress(step, row.id, progress) },
  )
}

/** "61,241 made = 61,204 kept + 37 quarantined". */
function sumText(kept: number, { quarantined, skipped }: { quarantined: number; skipped: number }): string {
  const number = (value: number): string => value.toLocaleString('en')
  return `${number(kept + quarantined + skipped)} made = ${number(kept)} kept + ${number(quarantined)} quarantined${skipped > 0 ? ` + ${number(skipped)} skipped` : ''}`
}

function orderOf(step: StepModel): string[] {
  const key = step.contract?.key ?? []
  return step.kind === 'entity' && key.length === 0 ? [step.key] : key
}

function toReplay({ id, record, signature, kind, fields, was, rules }: SiftDecision): SiftDecision {
  return { id, record, signature, kind, fields, was, rules }
}

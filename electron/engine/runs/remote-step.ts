import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { DEFAULT_RETRY } from '../../../shared/domain/error-class.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { RemoteStep } from '../planning/decide-remote.ts'
import { type RemoteBase, remoteBase } from '../planning/remote-base.ts'
import { hashAnswers } from '../planning/source-files.ts'
import type { FetchInput, FetchOutput, KnownAnswer } from '../workers/fetch-wire.ts'
import type { DeliveredFile } from '../workers/delivered-file.ts'
import { hostsOf, secretsOf } from '../workspace/remote-model.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import { commitExtracted } from './extract-step.ts'
import { carryDeliveries, type DeliveryFacts, readKept } from './kept-deliveries.ts'
import { reuseVersion } from './reuse-version.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'

export interface RemoteRow {
  row: StepRow & { staging: string; versionNumber: number }
  isForced: boolean
}

/**
 * Extract over the network: every answer is kept as it came, beside those of the version that it goes on from, and then all of them are read
 * as files are. Half a delivery is none: what fails leaves nothing.
 */
export async function runRemoteStep(context: RunContext, step: RemoteStep, { row, isForced }: RemoteRow): Promise<StepOutcome> {
  const { parts, parameters } = context
  const base = remoteBase(step, { versions: parts.versions, cursors: parts.cursors, parameters, isForced })
  const outDir = parts.layout.tempVersionDir(step.dataset, row.staging)
  const dir = path.join(outDir, DELIVERED_DIR)
  await mkdir(dir, { recursive: true })
  const carried = base.carried === null ? new Map() : await carryDeliveries(context, base.carried, dir)
  const fetched = await fetch(context, step, { row, base, dir, isForced })
  const facts: DeliveryFacts = new Map([...carried, ...fetched.files.map(({ name, origin, sha256, etag, lastModified }) => [name, { origin, sha256, etag, lastModified }] as const)])
  const sourceHash = hashAnswers(step.source, [...facts.values()])
  const known = isForced ? null : asBefore(context, step, { base, sourceHash, fetched, carried })
  if (known !== null) return stay(context, { version: known, row, outDir })
  const lookedAt = parts.clock()
  const result = await readKept(context, step, { row, facts, outDir, columns: fetched.columns })
  if (base.carried !== null && broughtNothing(result, carried) && isAsDeclared(context, step, { version: base.carried, answers: carried })) return stay(context, { version: base.carried, row, outDir })
  await parts.durable.syncDir(dir)
  const { incremental } = step.source
  return commitExtracted(context, { step, row, result, outDir, lookedAt }, { sourceHash, files: result.files.map((file) => ({ ...file, ...facts.get(file.fileName) })), cursor: incremental === undefined ? null : { column: incremental.column, value: result.highest ?? base.cursor, asked: base.asked } })
}

interface Arrived {
  base: RemoteBase
  sourceHash: string
  fetched: FetchOutput
  carried: DeliveryFacts
}

/** The version that exists already, when the answers are those it was read from, or hold no record. */
function asBefore(context: RunContext, step: RemoteStep, { base, sourceHash, fetched, carried }: Arrived): VersionRow | null {
  if (base.carried !== null && fetched.files.every(({ records }) => records === 0) && isAsDeclared(context, step, { version: base.carried, answers: carried })) return base.carried
  const { versions } = context.parts
  const candidates = [versions.latest(step.dataset), base.carried ?? versions.current(step.dataset)]
  return candidates.find((version) => version?.sourceHash === sourceHash && context.planner.isUsable(version) && isSiftedAsNow(context, version)) ?? null
}

/** The version is what its deliveries are when they are read as they would be now. */
function isAsDeclared(context: RunContext, { source }: RemoteStep, { version, answers }: { version: VersionRow; answers: DeliveryFacts }): boolean {
  return version.sourceHash === hashAnswers(source, [...answers.values()]) && isSiftedAsNow(context, version)
}

/** What was decided about its quarantine, and the rules that send records there, are as they were. */
function isSiftedAsNow({ recipes }: RunContext, { dataset, recipe }: VersionRow): boolean {
  return (recipe?.sift ?? '') === (recipes.get(dataset)?.sift ?? '')
}

async function stay(context: RunContext, { version, row, outDir }: { version: VersionRow; row: StepRow; outDir: string }): Promise<StepOutcome> {
  const note = `Nothing new since #${version.runNumber}`
  context.log.write('info', `${note}: v${version.number} stays`, row.dataset)
  const outcome = await reuseVersion(context, version, { stepId: row.id, note })
  await context.parts.durable.remove(outDir)
  return outcome
}

interface Fetching {
  row: StepRow
  base: RemoteBase
  dir: string
  isForced: boolean
}

async function fetch(context: RunContext, step: RemoteStep, { row, base, dir, isForced }: Fetching): Promise<FetchOutput> {
  const { parts, signal, log, run, dataType } = context
  const { source } = step
  const { remote, incremental = null, format, record, name } = source
  const since = base.cursor === null ? '' : ` for what is new since ${base.cursor}`
  log.write('info', `Asks ${hostsOf(remote).join(', ')}${since}`, step.dataset)
  const retryOf = (errorClass: 'network' | 'timeout'): FetchInput['retry']['network'] => step.retry[errorClass] ?? dataType.retry[errorClass] ?? DEFAULT_RETRY[errorClass]
  const input: FetchInput = {
    remote,
    format,
    record,
    incremental,
    values: { cursor: base.cursor, parameters: context.parameters },
    secrets: await parts.secrets.resolve(secretsOf(remote)),
    dir,
    // Increments lie beside each other in one version.
    prefix: incremental === null ? name : `${name}-${run.runNumber}`,
    known: isForced || incremental !== null ? [] : knownAnswers(context, step),
    retry: { network: retryOf('network'), timeout: retryOf('timeout') },
  }
  const { redactor } = parts.secrets
  try {
    return await context.worker().call('fetch', input, {
      signal,
      onProgress: (progress) => context.progress(step, row.id, { ...progress, note: progress.note === null ? null : redactor.text(progress.note) }),
      onAsk: ({ level, text }) => log.write(level, text, step.dataset),
    })
  } catch (error) {
    throw ProblemError.from(redactor.problem(toProblem(error)))
  }
}

/** Answers of the newest version that a server may recognise. */
function knownAnswers({ parts, planner }: RunContext, { dataset }: RemoteStep): KnownAnswer[] {
  const version = parts.versions.latest(dataset)
  if (version === null || !planner.isUsable(version)) return []
  const from = path.join(parts.layout.versionDir(dataset, version.number), DELIVERED_DIR)
  return parts.versions.deliveries(version.id).flatMap(({ fileName, origin, sizeBytes, etag, lastModified }) => (etag === null && lastModified === null ? [] : [{ origin, path: path.join(from, fileName), sizeBytes, etag, lastModified }]))
}

function broughtNothing({ files }: { files: readonly DeliveredFile[] }, carried: DeliveryFacts): boolean {
  return files.every(({ fileName, records }) => records === 0 || carried.has(fileName))
}

import type { ComparedVersion, SchemaDiff, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { ChecksReader } from '../ledger/checks.store.ts'
import { isoTime } from '../ledger/rows.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { Looker, Masks } from '../masks/masks.ts'
import type { WorkspaceService } from '../parts.ts'
import { versionSource } from '../runs/version-source.ts'
import type { DiffSpec } from '../workers/wire.ts'
import type { Layout } from '../zones/layout.ts'
import { findVersion } from './find-version.ts'

export interface PairParts {
  versions: VersionsReader
  checks: ChecksReader
  workspace: WorkspaceService
  layout: Layout
  masks: Masks
}

export interface PairRequest {
  dataset: string
  from?: number | undefined
  to?: number | undefined
  fromAsOf?: RunRef | undefined
  toAsOf?: RunRef | undefined
  key?: string[] | undefined
}

/** Two versions of one dataset, and what names a row in both. */
export interface VersionPair {
  from: VersionRow
  to: VersionRow
  key: string[]
  keyOrigin: VersionDiff['keyOrigin']
}

const VERSIONS_SEARCHED = 1_000

export function findPair(parts: PairParts, { dataset, from, to, fromAsOf, toAsOf, key }: PairRequest): VersionPair {
  const newer = findVersion(parts.versions, { dataset, version: to, asOf: toAsOf })
  const older = from === undefined && fromAsOf === undefined ? versionBefore(parts.versions, newer) : findVersion(parts.versions, { dataset, version: from, asOf: fromAsOf })
  return { from: older, to: newer, ...keyOf(parts, { older, newer, chosen: key }) }
}

/** The version that was published before this one; when none was, the one made before it. */
function versionBefore(versions: VersionsReader, version: VersionRow): VersionRow {
  const earlier = versions.ofDataset(version.dataset, VERSIONS_SEARCHED).filter((candidate) => candidate.number < version.number && candidate.removedAt === null)
  const found = earlier.find((candidate) => candidate.publishedAt !== null) ?? earlier[0]
  if (found !== undefined) return found
  throw new ProblemError('NOT_FOUND', `${version.dataset} v${version.number} is its first version: there is nothing to compare it with`, {
    hint: `Run ${version.dataset.split('.', 1)[0] ?? ''} again, then compare`, details: { dataset: version.dataset },
  })
}

/** The contract's key counts where both versions have its columns; a chosen one is taken as it is. */
function keyOf({ workspace }: PairParts, { older, newer, chosen }: { older: VersionRow; newer: VersionRow; chosen: string[] | undefined }): Pick<VersionPair, 'key' | 'keyOrigin'> {
  if (chosen !== undefined) return { key: chosen, keyOrigin: chosen.length === 0 ? 'none' : 'chosen' }
  const step = workspace.current().dataTypes.flatMap((dataType) => dataType.steps).find((candidate) => candidate.dataset === newer.dataset)
  const key = step?.contract?.key ?? []
  const has = (version: VersionRow): boolean => key.every((name) => version.columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
  return key.length > 0 && has(older) && has(newer) ? { key, keyOrigin: 'contract' } : { key: [], keyOrigin: 'none' }
}

/** Lower case names of the columns of a pair that are masked from somebody. */
export async function maskedOfPair({ masks }: Pick<PairParts, 'masks'>, { from, to }: Pick<VersionPair, 'from' | 'to'>, by: Looker): Promise<string[]> {
  const names = [...(await masks.masked(from, by)), ...(await masks.masked(to, by))]
  return [...new Set(names.map((name) => name.toLowerCase()))].toSorted()
}

/** Parts that both versions have, byte for byte, hold the same rows: the worker need not read them. */
export function diffSpec({ layout, versions, checks }: Omit<PairParts, 'masks'>, { from, to, key }: VersionPair, masked: string[]): DiffSpec {
  const common = commonParts(from, to)
  const without = (version: VersionRow): DiffSpec['before'] => {
    const left = new Map(common)
    const source = versionSource(layout, versions, version)
    const parts = source.parts.filter((_, index) => !takeOne(left, version.parts[index]?.sha256 ?? ''))
    return { ...source, parts, rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0) }
  }
  const rule = `unique(${key.join(', ')})`
  const isUnique = (version: VersionRow): boolean => checks.ofVersion(version.id).some((check) => check.rule === rule && check.passed)
  return { before: without(from), after: without(to), key, masked, isUnique: { before: isUnique(from), after: isUnique(to) } }
}

function commonParts(from: VersionRow, to: VersionRow): Map<string, number> {
  const left = Map.groupBy(from.parts, (part) => part.sha256)
  const common = new Map<string, number>()
  for (const [sha256, parts] of Map.groupBy(to.parts, (part) => part.sha256)) {
    const count = Math.min(parts.length, left.get(sha256)?.length ?? 0)
    if (count > 0) common.set(sha256, count)
  }
  return common
}

function takeOne(left: Map<string, number>, sha256: string): boolean {
  const count = left.get(sha256) ?? 0
  if (count > 0) left.set(sha256, count - 1)
  return count > 0
}

export function schemaDiff(from: VersionRow, to: VersionRow): SchemaDiff {
  const named = (version: VersionRow) => new Map(version.columns.filter((column) => !column.isProvenance).map((column) => [column.name.toLowerCase(), column]))
  const old = named(from)
  const fresh = named(to)
  return {
    added: [...fresh].filter(([name]) => !old.has(name)).map(([, column]) => column),
    removed: [...old].filter(([name]) => !fresh.has(name)).map(([, column]) => column),
    retyped: [...fresh].flatMap(([name, column]) => {
      const before = old.get(name)
      return before === undefined || before.type === column.type ? [] : [{ name: column.name, from: before.type, to: column.type }]
    }),
  }
}

export function comparedVersion({ number, runNumber, rowCount, sizeBytes, createdAt }: VersionRow): ComparedVersion {
  return { version: number, runNumber, rowCount, sizeBytes, createdAt: isoTime(createdAt) }
}

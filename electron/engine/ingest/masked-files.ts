import path from 'node:path'
import type { IngestPreview, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { MASK } from '../../../shared/domain/mask.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { findSourceFiles } from '../etl/find-files.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { Looker, Masks } from '../masks/masks.ts'
import type { WorkspaceService } from '../parts.ts'
import type { ExtractStep } from '../workspace/model.ts'
import type { Layout } from '../zones/layout.ts'

/**
 * Files that a source reads, or that a version keeps, show nothing where columns of their dataset are masked: by another declaration their
 * values would stand under other names.
 */

interface Parts {
  workspace: WorkspaceService
  versions: VersionsReader
  layout: Layout
  masks: Masks
}

export async function holdMaskedValues(parts: Parts, paths: readonly string[], by: Looker): Promise<boolean> {
  const steps = parts.workspace.current().dataTypes.flatMap(({ steps: all }) => all).filter((step): step is ExtractStep => step.kind === 'extract')
  const found = await Promise.all(steps.map(async (step) => (await maskedOf(parts, step, by)).length > 0 && (await isOf(parts, step, paths))))
  return found.includes(true)
}

async function maskedOf({ versions, masks }: Parts, { dataset, contract }: ExtractStep, by: Looker): Promise<string[]> {
  const version = versions.latest(dataset)
  if (version !== null) return masks.masked(version, by)
  return (contract?.columns ?? []).flatMap(({ name, sensitive }) => (sensitive === true ? [name] : []))
}

async function isOf({ layout }: Parts, { dataset, source }: ExtractStep, paths: readonly string[]): Promise<boolean> {
  const wanted = paths.map((file) => path.resolve(layout.root, file))
  const kept = layout.datasetDir(dataset)
  const read = await findSourceFiles({ root: layout.root, patterns: source.files, signal: new AbortController().signal }).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'SOURCE_MISSING') return []
    throw error
  })
  const holds = (folder: string, file: string): boolean => file === folder || file.startsWith(`${folder}${path.sep}`)
  return wanted.some((one) => holds(kept, one) || holds(one, kept) || read.some((file) => holds(one, file.path)))
}

export function maskedPreview(preview: IngestPreview): IngestPreview {
  const rows: unknown[][] = JSON.parse(preview.rowsJson)
  return {
    ...preview,
    rowsJson: JSON.stringify(rows.map((row) => row.map((cell, i) => (cell === null || preview.columns[i]?.isProvenance === true ? cell : MASK)))),
    rejects: preview.rejects.map((reject) => ({ ...reject, reason: HIDDEN, raw: HIDDEN })),
  }
}

/** What was found out quotes values, and the first lines hold them all. */
export function maskedGuess(guess: SourceGuess): SourceGuess {
  return {
    ...guess,
    head: [],
    doubts: guess.doubts.map((doubt) => ({ ...doubt, text: HIDDEN })),
    found: guess.found.map((finding) => ({ ...finding, evidence: HIDDEN })),
    columns: guess.columns.map((column) => ({ ...column, seen: HIDDEN, samples: [], counterExample: null, doubt: column.doubt === null ? null : HIDDEN })),
  }
}

const HIDDEN = 'Left out: it has masked values'

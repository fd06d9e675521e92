import { createHash } from 'node:crypto'
import path from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { findSourceFiles } from '../etl/find-files.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { ExtractStep, SourceSpec } from '../workspace/model.ts'
import { askedOf } from './remote-base.ts'
import { DELIVERED_DIR, type Layout } from '../zones/layout.ts'

export interface SourceFile {
  path: string
  name: string
  sizeBytes: number
  modifiedAt: string
}

export interface SourceFiles {
  files: SourceFile[]
  /** They are read from where an earlier run put them. */
  isRedelivery: boolean
  /** Hash of the declaration and of the files' names, sizes and times of change. */
  sourceHash: string
}

/**
 * The files of a source as they lie there. With `keep: move`, an inbox that was emptied by an earlier run is read from where that run
 * put its files.
 * @throws SOURCE_MISSING
 */
export async function readSourceFiles(parts: { layout: Layout; versions: VersionsReader }, step: ExtractStep, signal: AbortSignal): Promise<SourceFiles> {
  const before = step.source.keep === 'move' ? parts.versions.latest(step.dataset) : null
  try {
    const found = await findSourceFiles({ root: parts.layout.root, patterns: step.source.files, signal })
    const files = found.map((file) => ({ path: file.path, name: file.name, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt }))
    return { isRedelivery: false, files, sourceHash: hashSource(step.source, files) }
  } catch (error) {
    if (before === null || !(error instanceof ProblemError) || error.problem.code !== 'SOURCE_MISSING') throw error
    const dir = path.join(parts.layout.versionDir(before.dataset, before.number), DELIVERED_DIR)
    const files = parts.versions.deliveries(before.id).map(({ fileName, sizeBytes, modifiedAt }) => ({ path: path.join(dir, fileName), name: fileName, sizeBytes, modifiedAt }))
    return { isRedelivery: true, files, sourceHash: hashSource(step.source, files) }
  }
}

/** Hash of what pipeline.yaml says of a source. Where the delivered file is kept does not change what is read from it. */
export function hashDeclaration(source: SourceSpec): string {
  return createHash('sha256').update(JSON.stringify(declared(source))).digest('hex')
}

function hashSource(source: SourceSpec, files: readonly SourceFile[]): string {
  const facts = files.map(({ name, sizeBytes, modifiedAt }) => [name, sizeBytes, modifiedAt])
  return createHash('sha256').update(JSON.stringify([declared(source), facts])).digest('hex')
}

/** The same answers, declared the same way, are the same version. */
export function hashAnswers(source: SourceSpec, answers: readonly { sha256: string }[]): string {
  return createHash('sha256').update(JSON.stringify([declared(source), answers.map(({ sha256 }) => sha256)])).digest('hex')
}

function declared({ keep: _keep, optional: _optional, drift: _drift, remote, ...rest }: SourceSpec): unknown {
  return remote === undefined ? rest : { ...rest, remote: askedOf(remote) }
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import type { RunOptions } from '../../../shared/domain/run-options.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { StepModel } from '../workspace/model.ts'
import { type Layout, MANIFEST_NAME } from '../zones/layout.ts'
import { type Manifest, manifestSchema } from '../zones/manifest.ts'
import type { Recipe } from '../zones/recipe.ts'

export interface ComparableContext {
  versions: VersionsReader
  options: RunOptions
  recipe: Recipe | null
  /** The version that a dataset means now. */
  resolve(dataset: DatasetId): VersionRow | null
}

/** The published version, when code, options, parameters and datasets without entities are what they were when it was made. */
export function comparableVersion({ versions, options, recipe, resolve }: ComparableContext, step: StepModel, key: string): VersionRow | null {
  const before = versions.current(step.dataset)
  const isAskedAnew = options.force || options.redo?.force === true || (step.kind === 'sql' && step.volatile.length > 0)
  if (isAskedAnew || recipe === null || before === null || before.recipe === null) return null
  const own = ({ engine, code, options: declared, parameters }: Recipe): string => JSON.stringify([engine, code, declared, Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1))])
  if (own(recipe) !== own(before.recipe)) return null
  const earlier = new Map(versions.inputsOf(before.id).map((version) => [version.dataset, version]))
  const isSame = (dataset: DatasetId): boolean => {
    const [now, then] = [resolve(dataset), earlier.get(dataset)]
    if (now === null || then === undefined || shapeOf(now) !== shapeOf(then)) return false
    return hasColumn(now, key) || now.contentHash === then.contentHash
  }
  return step.inputs.every(isSame) ? before : null
}

/** File with the entities that a version is made of, and the hashes of their inputs; null when it has none. */
export async function entityIndexOf(layout: Layout, version: VersionRow): Promise<string | null> {
  const { dir, manifest } = await manifestOf(layout, version)
  return manifest.entityIndex === null ? null : path.join(dir, manifest.entityIndex.name)
}

/** File with rows as they were made, where the version has others; null when it is as it was made. */
export async function originalsOf(layout: Layout, version: VersionRow): Promise<{ path: string; replaced: number } | null> {
  const { dir, manifest } = await manifestOf(layout, version)
  return manifest.originals === null ? null : { path: path.join(dir, manifest.originals.name), replaced: manifest.originals.replaced }
}

async function manifestOf(layout: Layout, { dataset, number }: VersionRow): Promise<{ dir: string; manifest: Manifest }> {
  const dir = layout.versionDir(dataset, number)
  return { dir, manifest: manifestSchema.parse(JSON.parse(await readFile(path.join(dir, MANIFEST_NAME), 'utf8'))) }
}

function shapeOf({ columns }: VersionRow): string {
  return JSON.stringify(columns.map(({ name, type }) => [name, type]))
}

function hasColumn({ columns }: VersionRow, key: string): boolean {
  return columns.some(({ name }) => name.toLowerCase() === key.toLowerCase())
}

import { datasetId, quoteDataset, quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { VersionSource } from '../workers/wire.ts'
import type { Duck } from './duckdb.ts'
import { versionRelation } from './version-relation.ts'

/**
 * Makes dataset names mean these versions: a catalog per data type, a schema per zone, a view per version. With `defaultDataType`,
 * names of that data type may be written `zone.name`. Define a set once per instance: views of two catalogs cannot change in one transaction,
 * so a running query would see half of a second set. A later version of a dataset named twice wins.
 */
export async function defineViews(duck: Duck, reads: readonly VersionSource[], defaultDataType: string | null): Promise<void> {
  await defineRelations(duck, { reads, defaultDataType, relationOf: versionRelation })
}

export interface RelationsToDefine {
  reads: readonly VersionSource[]
  defaultDataType: string | null
  /** What a name means instead of all rows of its version. */
  relationOf(source: VersionSource): string
}

/** The same, with another meaning for some of the names. */
export async function defineRelations(duck: Duck, { reads, defaultDataType, relationOf }: RelationsToDefine): Promise<void> {
  const statements = [...containersOf(missingIn(NOTHING_DEFINED, reads, defaultDataType)), ...viewsOf(reads, relationOf), ...useOf(defaultDataType)]
  if (statements.length > 0) await duck.run(statements.map(({ sql }) => sql).join(';\n'))
}

/** What is defined on a connection that one query after the other uses, none beside another. */
export interface DefinedNames {
  /** Catalogs and schemas, as they are written. */
  containers: Set<string>
  /** What each name means, by its written form. */
  views: Map<string, string>
}

const NOTHING_DEFINED: Readonly<Pick<DefinedNames, 'containers'>> = { containers: new Set() }

/** Makes names mean these versions on a connection where others were defined before, touching only what is another. */
export async function redefineViews(duck: Duck, { reads, dataType, known }: { reads: readonly VersionSource[]; dataType: string; known: DefinedNames }): Promise<void> {
  const containers = containersOf(missingIn(known, reads, dataType))
  const views = viewsOf(reads, versionRelation).filter(({ name, meaning }) => known.views.get(name) !== meaning)
  const statements = [...containers, ...views, ...(containers.some(({ name }) => name === quoteIdentifier(dataType)) ? useOf(dataType) : [])]
  if (statements.length > 0) await duck.run(statements.map(({ sql }) => sql).join(';\n'))
  for (const { name } of containers) known.containers.add(name)
  for (const { name, meaning } of views) known.views.set(name, meaning)
}

interface Definition {
  name: string
  sql: string
}

/** A later version of a dataset named twice wins. */
function viewsOf(reads: readonly VersionSource[], relationOf: RelationsToDefine['relationOf']): (Definition & { meaning: string })[] {
  const sources = [...new Map(reads.map((source) => [datasetId(source.dataset), source])).values()]
  return sources.map((source) => {
    const [name, meaning] = [quoteDataset(source.dataset), relationOf(source)]
    return { name, meaning, sql: `CREATE OR REPLACE VIEW ${name} AS ${meaning}` }
  })
}

/** The catalogs and schemas that hold these datasets, without those that are there. */
function missingIn({ containers }: Pick<DefinedNames, 'containers'>, reads: readonly VersionSource[], defaultDataType: string | null): { catalogs: string[]; schemas: string[] } {
  const catalogs = [...reads.map(({ dataset }) => dataset.dataType), ...(defaultDataType === null ? [] : [defaultDataType])].map(quoteIdentifier)
  const schemas = reads.map(({ dataset }) => `${quoteIdentifier(dataset.dataType)}.${quoteIdentifier(dataset.zone)}`)
  const isMissing = (name: string): boolean => !containers.has(name)
  return { catalogs: [...new Set(catalogs)].filter(isMissing), schemas: [...new Set(schemas)].filter(isMissing) }
}

function containersOf({ catalogs, schemas }: { catalogs: readonly string[]; schemas: readonly string[] }): Definition[] {
  return [
    ...catalogs.map((name) => ({ name, sql: `ATTACH ':memory:' AS ${name}` })),
    ...schemas.map((name) => ({ name, sql: `CREATE SCHEMA ${name}` })),
  ]
}

/** Lets `zone.name` mean the data type's own datasets. */
function useOf(defaultDataType: string | null): Definition[] {
  return defaultDataType === null ? [] : [{ name: '', sql: `USE ${quoteIdentifier(defaultDataType)}` }]
}

import { type DatasetName, datasetId, quoteDataset, quoteIdentifier } from '../../../shared/domain/naming.ts'
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
  const sources = [...new Map(reads.map((source) => [datasetId(source.dataset), source])).values()]
  const views = sources.map((source) => `CREATE VIEW ${quoteDataset(source.dataset)} AS ${relationOf(source)}`)
  const statements = [...containersOf(sources.map((source) => source.dataset), defaultDataType), ...views, ...useOf(defaultDataType)]
  if (statements.length > 0) await duck.run(statements.join(';\n'))
}

/** The catalogs and schemas that hold these datasets. */
function containersOf(datasets: readonly DatasetName[], defaultDataType: string | null): string[] {
  const catalogs = new Set([...datasets.map((dataset) => dataset.dataType), ...(defaultDataType === null ? [] : [defaultDataType])])
  const schemas = new Set(datasets.map((dataset) => `${quoteIdentifier(dataset.dataType)}.${quoteIdentifier(dataset.zone)}`))
  return [
    ...[...catalogs].map((catalog) => `ATTACH ':memory:' AS ${quoteIdentifier(catalog)}`),
    ...[...schemas].map((schema) => `CREATE SCHEMA ${schema}`),
  ]
}

/** Lets `zone.name` mean the data type's own datasets. */
function useOf(defaultDataType: string | null): string[] {
  return defaultDataType === null ? [] : [`USE ${quoteIdentifier(defaultDataType)}`]
}

import type { DatasetName } from '../../../../shared/domain/naming.ts'

/** A SELECT that made a dataset, with what its names meant and the columns that it gave. */
export interface MadeBySql {
  id: string
  sql: string
  /** Whose short names `zone.name` are. */
  dataType: string
  reads: { dataset: DatasetName; columns: string[] }[]
  outputs: string[]
}

import type { Tree } from '../tree-node.ts'
import type { Flow } from './flow.ts'
import type { Relation, Scope, Source } from './scope.ts'

/** A table that a statement reads. */
export interface KnownTable {
  /** `data_type.zone.name` */
  dataset: string
  columns: readonly string[]
}

/** The parts of the walk, which call each other: queries hold expressions, and expressions hold queries. */
export interface Walk {
  /** The dataset that a name in FROM means; null when it is not known. */
  tableOf: (parts: readonly string[]) => KnownTable | null
  /** Names of aggregate functions, lower case. */
  aggregates: ReadonlySet<string>
  /** How many times each dataset is read, and the CTEs that were read: of a table joined with itself, nothing tells whose value a copy is. */
  uses: Map<string, number>
  usedCtes: Set<Relation>
  expression: (node: Tree, scope: Scope) => Flow
  source: (node: Tree, scope: Scope) => Source
  query: (node: Tree, scope: Scope) => Relation
}

/** A node of the tree that json_serialize_sql makes. What it holds is DuckDB's to decide, so every field is looked at before it is used. */
export type Tree = Record<string, unknown>

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A name, lower case, because SQL does not tell cases apart; empty where there is none. */
export function lowerText(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

/** The child that is one node; an empty node where there is none. */
export function nodeAt(node: Tree, key: string): Tree {
  const child = node[key]
  return isTree(child) ? child : {}
}

/** The children of a list, nodes only. */
export function nodesAt(node: Tree, key: string): Tree[] {
  const child = node[key]
  return Array.isArray(child) ? child.filter(isTree) : []
}

/** The texts of a list, lower case. */
export function textsAt(node: Tree, key: string): string[] {
  const child = node[key]
  return Array.isArray(child) ? child.filter((item) => typeof item === 'string').map(lowerText) : []
}

/** Byte offset in the SQL. Absent positions arrive as 2^64 - 1. */
export function positionOf(node: Tree): number | null {
  const position = node['query_location']
  return typeof position === 'number' && Number.isSafeInteger(position) ? position : null
}

import type { Declaration, Nested } from '../contract/ingest.contract.ts'

/** Nested records as tables: `fields` for what a record has once, `children` for the tables that are taken. */

/**
 * The frame with objects read as columns and these tables taken out of the records; null: records as they are, nested values as JSON.
 * The lists that are no tables of their own stay columns of JSON.
 */
export function withTables(frame: Declaration, nested: Nested, names: readonly string[] | null): Declaration {
  const { fields: _fields, children: _children, ...rest } = frame
  if (names === null) return rest
  const taken = nested.tables.filter(({ name }) => names.includes(name))
  const left = nested.tables.filter(({ name }) => !names.includes(name)).map(({ name, record }): [string, string] => [freeName(name, nested.fields), record])
  const children = taken.map(({ name, record, fields }): [string, Declaration] => [name, { record, ...(nested.key === null ? {} : { keys: nested.key }), fields }])
  return { ...rest, fields: { ...nested.fields, ...Object.fromEntries(left) }, ...(children.length === 0 ? {} : { children: Object.fromEntries(children) }) }
}

function freeName(name: string, fields: Readonly<Record<string, string>>): string {
  return Object.hasOwn(fields, name) ? freeName(`${name}_list`, fields) : name
}

/** Names of the tables that the frame takes; null where it reads the records as they are. */
export function tablesIn(frame: Declaration): string[] | null {
  return frame['fields'] === undefined ? null : childrenIn(frame)
}

/** Names under `children`. */
export function childrenIn({ children }: Declaration): string[] {
  return typeof children === 'object' && children !== null && !Array.isArray(children) ? Object.keys(children) : []
}

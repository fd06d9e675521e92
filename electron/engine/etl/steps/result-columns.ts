import { z } from 'zod'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * The DuckDB columns of a processor's result schema, in its order, the entity key first when the schema does not name it. Text
 * is VARCHAR, whole numbers BIGINT, other numbers DOUBLE, ISO dates DATE, ISO times TIMESTAMPTZ; lists and objects keep their
 * shape; what has no one shape (unions, records, any) is JSON.
 */
export function resultColumns(result: z.ZodType, key: string): { name: string; type: string }[] {
  const schema = z.toJSONSchema(result, { io: 'output', unrepresentable: 'any' }) as JsonSchema
  if (schema.type !== 'object' || schema.properties === undefined) {
    throw new ProblemError('STEP_FAILED', 'The processor\'s `result` is no z.object({...})', {
      hint: 'Give `result` a z.object whose fields are the columns of one row', details: { errorClass: 'bad_code' },
    })
  }
  const columns = Object.entries(schema.properties).map(([name, field]) => ({ name, type: duckType(field) }))
  return columns.some(({ name }) => name === key) ? columns : [{ name: key, type: 'VARCHAR' }, ...columns]
}

const TEXT_FORMATS: Readonly<Record<string, string>> = { date: 'DATE', 'date-time': 'TIMESTAMPTZ', time: 'TIME' }
const SCALARS: Readonly<Record<string, string>> = { integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN' }

function duckType(declared: JsonSchema | boolean): string {
  if (typeof declared === 'boolean') return 'JSON'
  const field = withoutNull(declared)
  const [only, ...others] = optionsOf(field)
  if (only !== undefined) return others.length === 0 ? duckType(only) : 'JSON'
  if (field.type === 'string') return TEXT_FORMATS[field.format ?? ''] ?? 'VARCHAR'
  if (field.type === 'array') return listType(field)
  if (field.type === 'object') return structType(field)
  return scalarType(field)
}

function scalarType({ const: only, enum: values, type }: JsonSchema): string {
  if (only !== undefined || values !== undefined) return enumType(values ?? [only])
  return SCALARS[String(type)] ?? 'JSON'
}

function optionsOf(field: JsonSchema): (JsonSchema | boolean)[] {
  return (field.anyOf ?? field.oneOf ?? []).filter((option) => typeof option !== 'boolean' && option.type !== 'null')
}

/** `type: ['string', 'null']` says the same as `type: 'string'` here: every column may be null. */
function withoutNull(field: JsonSchema): JsonSchema {
  const { type, ...rest } = field
  const types: unknown = type
  if (!Array.isArray(types)) return field
  const others = types.filter((candidate) => candidate !== 'null')
  const [only] = others
  return others.length === 1 ? { ...rest, type: only } : rest
}

function listType(field: JsonSchema): string {
  const items = field.items
  if (items === undefined || typeof items === 'boolean' || Array.isArray(items)) return 'JSON'
  const type = duckType(items)
  return type === 'JSON' ? 'JSON' : `${type}[]`
}

function structType(field: JsonSchema): string {
  const fields = Object.entries(field.properties ?? {})
  if (fields.length === 0) return 'JSON'
  return `STRUCT(${fields.map(([name, value]) => `${quoteIdentifier(name)} ${duckType(value)}`).join(', ')})`
}

function enumType(values: readonly unknown[]): string {
  if (values.every((value) => typeof value === 'string')) return 'VARCHAR'
  if (values.every((value) => typeof value === 'number')) return values.every(Number.isInteger) ? 'BIGINT' : 'DOUBLE'
  return 'JSON'
}

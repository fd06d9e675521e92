import { z } from 'zod'

/** The parts of an Open Data Contract Standard document that a contract of ours has words for. Anything else passes, and is named as left out. */

/** Of the table: what becomes of a version with other columns. */
export const DRIFT_PROPERTY = 'strataDrift'

const customPropertiesSchema = z.array(z.looseObject({ property: z.string(), value: z.unknown() })).optional()

const qualitySchema = z.looseObject({
  name: z.string().optional(),
  severity: z.string().optional(),
  customProperties: customPropertiesSchema,
  type: z.enum(['text', 'library', 'sql', 'custom']).optional(),
  metric: z.string().optional(),
  unit: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  query: z.string().optional(),
  engine: z.string().optional(),
  implementation: z.unknown().optional(),
  mustBe: z.unknown().optional(),
  mustBeLessOrEqualTo: z.number().optional(),
  mustBeGreaterOrEqualTo: z.number().optional(),
  mustBeBetween: z.array(z.number()).length(2).optional(),
})
export type OdcsQuality = z.infer<typeof qualitySchema>

const propertySchema = z.looseObject({
  name: z.string(),
  physicalName: z.string().optional(),
  physicalType: z.string().optional(),
  logicalType: z.enum(['string', 'date', 'timestamp', 'time', 'number', 'integer', 'object', 'array', 'boolean']).optional(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
  description: z.string().optional(),
  /** Any word; the standard names confidential, restricted and public. */
  classification: z.string().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.int().optional(),
  relationships: z.array(z.looseObject({ to: z.unknown() })).optional(),
  quality: z.array(qualitySchema).optional(),
})
export type OdcsProperty = z.infer<typeof propertySchema>

const tableSchema = z.looseObject({
  name: z.string(),
  physicalName: z.string().optional(),
  logicalType: z.literal('object').optional(),
  physicalType: z.string().optional(),
  description: z.string().optional(),
  customProperties: customPropertiesSchema,
  properties: z.array(propertySchema).optional(),
  quality: z.array(qualitySchema).optional(),
})
export type OdcsTable = z.infer<typeof tableSchema>

export const odcsDocumentSchema = z.looseObject({ kind: z.literal('DataContract'), apiVersion: z.string(), schema: z.array(tableSchema).min(1) })
export type OdcsDocument = z.infer<typeof odcsDocumentSchema>

/** References of the standard are `table.column`, so a dataset's dots are not for its name. */
export function odcsName(dataset: string): string {
  return dataset.replaceAll('.', '__')
}

import { type ConditionalSchemaConverter, type JSONSchema, OpenAPIGenerator } from '@orpc/openapi'
import { z } from 'zod'
import { contract } from '../../../shared/contract/contract.ts'
import { problemSchema } from '../../../shared/domain/problem.ts'

/** The contract as an OpenAPI 3.1 document. Every verb is a POST whose body is its input. */
export async function openApiDocument({ version, prefix }: { version: string; prefix: string }) {
  const generator = new OpenAPIGenerator({ schemaConverters: [ZOD] })
  const problem = jsonSchemaOf(problemSchema, 'output')
  return generator.generate(contract, {
    info: {
      title: 'Strata',
      version,
      description: 'Everything that the window and the command line of Strata can do, for programs on the same machine. Errors are a Problem: code, message, details, retryable, hint.',
    },
    servers: [{ url: prefix }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    customErrorResponseBodySchema: () => problem,
  })
}

/** zod makes JSON Schema by itself; what JSON cannot say (a date that is checked) is any value there. */
const ZOD: ConditionalSchemaConverter = {
  condition: (schema) => schema instanceof z.ZodType,
  convert(schema, { strategy }) {
    if (!(schema instanceof z.ZodType)) return [false, {}]
    return [!schema.safeParse(undefined).success, jsonSchemaOf(schema, strategy)]
  },
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JSONSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  // Both libraries mean JSON Schema 2020-12, but each has types of its own for it; zod's object also carries more than its JSON.
  return JSON.parse(JSON.stringify(rest))
}

import { z } from 'zod'
import { SIZE_PATTERN } from '../../../shared/domain/quantity.ts'
import { durationSchema, textListSchema } from './file-values.schema.ts'

/** The keys of pipeline.yaml by which a source is asked over the network. */

export const RATE_PATTERN = /^\d+\s*\/\s*(s|m|h)$/
const plainSchema = z.union([z.string(), z.number(), z.boolean()])

const authFileSchema = z
  .strictObject({
    bearer: z.string().min(1).optional().meta({ description: 'Authorization: Bearer, with secret:name.' }),
    basic: z
      .strictObject({ user: z.string().min(1).meta({ description: 'User name.' }), password: z.string().min(1).meta({ description: 'secret:name' }) })
      .optional()
      .meta({ description: 'User name, and the password as secret:name.' }),
    header: z
      .strictObject({ name: z.string().min(1).meta({ description: 'Name of the header.' }), value: z.string().min(1).meta({ description: 'secret:name, or a text with {secret:name} in it.' }) })
      .optional()
      .meta({ description: 'Any header, such as X-Api-Key, with secret:name or "Token {secret:name}".' }),
  })
  .meta({ description: 'How the source is told who asks: bearer, basic or header. Secrets by name: secret:name.' })

const pagingFileSchema = z
  .strictObject({
    by: z.enum(['page', 'offset', 'cursor', 'link']).meta({ description: 'page and offset count; cursor: each answer names the next; link: the Link header does, with rel="next".' }),
    parameter: z.string().min(1).optional().meta({ description: 'Query parameter for it. Default: page, offset or cursor.' }),
    start: z.int().min(0).optional().meta({ description: 'First page or offset. Default: page 1, offset 0.' }),
    size: z.int().min(1).optional().meta({ description: 'Records a page. Needed by offset; a page with fewer is the last.' }),
    size_parameter: z.string().min(1).optional().meta({ description: 'Query parameter that asks for so many.' }),
    next: z.string().min(1).optional().meta({ description: 'cursor: where an answer names the next page, such as $.meta.next: a token, or an address. None there: it was the last.' }),
    max_pages: z.int().min(1).max(1_000_000).optional().meta({ description: 'More pages fail the step. Default: 10000.' }),
  })
  .meta({ description: 'How the pages of an answer follow each other.' })

export const httpFileSchema = z
  .strictObject({
    url: z.string().min(1).meta({ description: 'Address. {cursor} and {param:name} may stand in it, not in the host.' }),
    method: z.enum(['GET', 'POST']).optional().meta({ description: 'Default: GET.' }),
    headers: z.record(z.string(), plainSchema).optional().meta({ description: 'Headers by name. Secrets as secret:name.' }),
    query: z.record(z.string(), plainSchema).optional().meta({ description: 'Query parameters by name. One whose value is {cursor} is left out while there is no cursor.' }),
    body: z.string().optional().meta({ description: 'Body of a POST.' }),
    auth: authFileSchema.optional(),
    paging: pagingFileSchema.optional(),
    rate: z.string().regex(RATE_PATTERN, 'must be a rate such as 5/s or 100/m').optional().meta({ description: 'Most requests in a time: 5/s, 100/m. Default: one after the other, without a pause.' }),
    timeout: durationSchema.optional().meta({ description: 'How long a request may stay silent. Default: 60s.' }),
    max_size: z.string().regex(SIZE_PATTERN, 'must be a size such as 512MB or 4GB').optional().meta({ description: 'Largest answer. Default: 1GB.' }),
    redirects: z
      .union([z.enum(['none', 'same_host', 'any']), textListSchema])
      .optional()
      .meta({ description: 'Where answers may send it on to: none, same_host (the default), any public host, or the hosts named. Credentials never go to another host.' }),
  })
  .meta({ description: 'An address that is asked over HTTP(S). Each answer is kept as it came.' })
export type HttpFile = z.infer<typeof httpFileSchema>

export const incrementalFileSchema = z
  .strictObject({
    column: z.string().min(1).meta({ description: 'Column of the records whose highest value is the cursor.' }),
    initial: plainSchema.optional().meta({ description: 'The cursor before there is one. Without it, the first run asks for everything.' }),
  })
  .meta({ description: 'Ask only for what is new since the cursor, and append it to what was delivered before.' })

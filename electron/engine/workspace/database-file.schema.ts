import { z } from 'zod'
import { durationSchema } from './file-values.schema.ts'

/** The keys of pipeline.yaml by which a source is asked of a database. */

const textSchema = (description: string) => z.string().min(1).meta({ description })

const databaseFileSchema = z.strictObject({
  connection: z
    .union([
      z.string().min(1),
      z.strictObject({
        host: textSchema('Name or address of the server.'),
        port: z.int().min(1).max(65_535).optional().meta({ description: 'Default: 5432 for PostgreSQL, 3306 for MySQL.' }),
        database: textSchema('Name of the database.'),
        user: textSchema('Name of the user; one that may only read is best.'),
        password: textSchema('As secret:name.').optional(),
        tls: z.enum(['verify', 'encrypt', 'off']).optional().meta({ description: 'verify (the default, but on this machine): encrypted, with a certificate that holds. encrypt: without looking at it. off: in the clear.' }),
      }),
    ])
    .meta({ description: 'secret:name, a secret that holds an address such as postgres://user:password@host/database; or host, database, user, and the password as secret:name.' }),
  query: textSchema('One SELECT, run in a read-only transaction. {param:name} stands for a value. With incremental, only rows beyond the cursor are asked for.'),
  timeout: durationSchema.optional().meta({ description: 'How long the server may be silent. Default: 5m.' }),
})
export const postgresFileSchema = databaseFileSchema.meta({ description: 'A query to PostgreSQL.' })
export const mysqlFileSchema = databaseFileSchema.meta({ description: 'A query to MySQL or MariaDB.' })
export type DatabaseFile = z.infer<typeof databaseFileSchema>

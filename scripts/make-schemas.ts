import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { contractFileSchema } from '../electron/engine/workspace/contract-file.schema.ts'
import { pipelineFileSchema } from '../electron/engine/workspace/pipeline-file.schema.ts'
import { strataFileSchema } from '../electron/engine/workspace/strata-file.schema.ts'
import { testFileSchema } from '../electron/engine/workspace/test-file.schema.ts'

/** JSON Schemas of the workspace files, for editors, made from the schemas that Strata itself reads them with. */

export const SCHEMAS_DIR = join(import.meta.dirname, '..', 'resources', 'schemas')

const FILES: Readonly<Record<string, z.ZodType>> = {
  'strata.schema.json': strataFileSchema,
  'pipeline.schema.json': pipelineFileSchema,
  'contract.schema.json': contractFileSchema,
  'test.schema.json': testFileSchema,
}

/** File name to content. Draft 7, which editors' YAML support understands best. */
export function makeSchemas(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(FILES).map(([name, schema]) => [name, `${JSON.stringify(z.toJSONSchema(schema, { target: 'draft-07', io: 'input' }), null, 2)}\n`]),
  )
}

if (import.meta.main) {
  await mkdir(SCHEMAS_DIR, { recursive: true })
  for (const [name, content] of Object.entries(makeSchemas())) await writeFile(join(SCHEMAS_DIR, name), content)
}

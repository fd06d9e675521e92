import { z } from 'zod'
import { SIZE_PATTERN } from '../../../shared/domain/quantity.ts'
import { RESUME_MODES } from '../../../shared/domain/resume-mode.ts'
import { type Zone, ZONES } from '../../../shared/domain/zone.ts'
import { descriptionSchema, retryFileSchema } from './file-values.schema.ts'

export const WORKSPACE_NAME_PATTERN = /^[a-z0-9][a-z0-9_-]{0,62}$/

const retentionPolicySchema = z
  .strictObject({
    keep_versions: z.int().min(1).max(100_000).optional().meta({ description: 'Keep the last so many published versions of each dataset.' }),
    keep_days: z.number().min(0).max(100_000).optional().meta({ description: 'Keep versions for so many days after they were replaced.' }),
  })
  .refine(({ keep_versions, keep_days }) => keep_versions !== undefined || keep_days !== undefined, 'must say keep_versions, keep_days or both')
  .meta({ description: 'A version goes when neither keep_versions nor keep_days keeps it.' })

const openLineageFileSchema = z
  .strictObject({
    namespace: z.string().min(1).max(500).optional().meta({ description: 'Namespace of jobs and datasets in events. Default: strata:// and the name of the workspace.' }),
    file: z.string().min(1).optional().meta({ description: 'File in the workspace that events are added to, one JSON document a line, such as lineage/openlineage.ndjson.' }),
    url: z.string().min(1).optional().meta({ description: 'Endpoint that each event is sent to with POST, such as https://collector.example.org/api/v1/lineage. It is tried again until it is there; runs never wait for it.' }),
    headers: z.record(z.string(), z.string()).optional().meta({ description: 'Headers for the endpoint. Secrets as secret:name, or "Bearer {secret:name}".' }),
  })
  .refine(({ file, url }) => file !== undefined || url !== undefined, 'must say file, url or both')
  .meta({ description: 'Where events of runs go, in the words of OpenLineage (https://openlineage.io).' })

/** strata.yaml, the file that makes a folder a workspace. */
export const strataFileSchema = z
  .strictObject({
    name: z
      .string()
      .regex(WORKSPACE_NAME_PATTERN, 'must hold only a-z, 0-9, - and _ (at most 63)')
      .meta({ description: 'Short name of the workspace: a-z, 0-9, - and _.' }),
    label: z.string().min(1).optional().meta({ description: 'Name as people read it. Without it, the short name.' }),
    description: descriptionSchema.optional(),
    limits: z
      .strictObject({
        memory: z
          .string()
          .regex(SIZE_PATTERN, 'must be a size such as 512MB or 4GB')
          .optional()
          .meta({ description: 'Memory that all runs together may use, such as 512MB or 4GB. Default: 4GB, or half of what the machine has if that is less.' }),
        threads: z.int().min(1).max(256).optional().meta({ description: 'Threads that all runs together may use. Default: as many as the machine has, at most 8.' }),
        runs: z.int().min(1).max(16).optional().meta({ description: 'Runs that may go on at the same time, of different data types; they divide memory and threads between them. Default: 2.' }),
        copies: z
          .string()
          .regex(SIZE_PATTERN, 'must be a size such as 512MB or 4GB')
          .optional()
          .meta({ description: 'Disk that copies may take which make large versions quick to sort, filter and search while they are looked at. The least used go first. Default: 10GB.' }),
      })
      .optional()
      .meta({ description: 'What Strata may take of the machine.' }),
    retention: z
      .strictObject(Object.fromEntries(ZONES.map((zone) => [zone, retentionPolicySchema.optional()])) as Record<Zone, z.ZodOptional<typeof retentionPolicySchema>>)
      .optional()
      .meta({ description: 'Versions that "strata gc" may remove, by zone. A zone that is not named keeps everything. What is current, pinned, or needed by a run is never removed.' }),
    retry: retryFileSchema.optional(),
    resume: z
      .enum(RESUME_MODES)
      .optional()
      .meta({ description: 'Runs that were cut off, by a crash or because Strata was closed: automatic (the default) lets them go on when the window or "strata serve" opens the workspace; ask leaves them until somebody resumes them.' }),
    logs: z
      .strictObject({
        keep_days: z.number().min(1).max(100_000).optional().meta({ description: 'Remove the logs of runs that ended so many days ago. Without it, logs stay.' }),
      })
      .optional()
      .meta({ description: 'The logs of runs, which lie compressed under .strata/logs.' }),
    lineage: z
      .strictObject({ openlineage: openLineageFileSchema.optional() })
      .optional()
      .meta({ description: 'Who is told what was made from what.' }),
  })
  .meta({ title: 'Strata workspace (strata.yaml)', description: 'Names a workspace and sets its limits.' })
export type StrataFile = z.infer<typeof strataFileSchema>

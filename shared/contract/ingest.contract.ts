import { z } from 'zod'
import { dataTypeNameSchema, datasetNameProblem } from '../domain/naming.ts'
import { columnSchema } from '../domain/table-query.ts'
import { commandIdSchema, procedure } from './common.contract.ts'

/** How a source is read, in the words of pipeline.yaml: `format`, `delimiter`, `skip_lines`, `columns` and the rest, without `files`. */
export const declarationSchema = z.record(z.string(), z.json())
export type Declaration = z.infer<typeof declarationSchema>

/** A column as pipeline.yaml declares it: its type, or with how its values are written. */
export const declaredColumnSchema = z.union([z.string(), z.record(z.string(), z.json())])
export type DeclaredColumn = z.infer<typeof declaredColumnSchema>

/** A value that does not fit, and where it stands. */
export const counterExampleSchema = z.object({ value: z.string(), file: z.string(), record: z.int(), line: z.int().nullable() })

export const columnGuessSchema = z.object({
  name: z.string(),
  /** As the file has it, where that cannot be a column's name or is taken. */
  renamedFrom: z.string().nullable(),
  /** Type in the raw dataset. */
  type: z.string(),
  /** What the source says of it; null: nothing, so that it is as the file has it. */
  declared: declaredColumnSchema.nullable(),
  /** Type after the proposed SQL step. */
  becomes: z.string(),
  /** How the step gets there: an expression over the raw column. */
  sql: z.string(),
  /** What was seen, for people: `dates like Jul 13, 2026`. */
  seen: z.string(),
  values: z.int(),
  nulls: z.int(),
  /** Values that are of the kind that was seen most; the others are text beside it. */
  fits: z.int(),
  counterExample: counterExampleSchema.nullable(),
  samples: z.array(z.string()),
  /** No value is missing and none occurs twice, as far as was looked. */
  isUnique: z.boolean(),
  /** Why it could also be read otherwise; null when it is clear. */
  doubt: z.string().nullable(),
  /** Other readings to choose from; null stands for what the file has. */
  choices: z.array(z.object({ label: z.string(), declared: declaredColumnSchema.nullable() })),
})
export type ColumnGuess = z.infer<typeof columnGuessSchema>

/** Something that the file alone does not decide. */
export const doubtSchema = z.object({
  /** Key of the declaration, or a column. */
  about: z.string(),
  text: z.string(),
  /** Readings to choose from, as changes to the declaration; null takes a key away. The first is the one taken. */
  choices: z.array(z.object({ label: z.string(), change: z.record(z.string(), z.json()) })),
})
export type Doubt = z.infer<typeof doubtSchema>

/** One thing that was found out, and by what. */
export const findingOutSchema = z.object({
  about: z.string(),
  value: z.string(),
  evidence: z.string(),
  /** 0 to 1. */
  confidence: z.number(),
})
export type FindingOut = z.infer<typeof findingOutSchema>

/** Things inside the records that can be a table of their own: an entry of `children`. */
export const nestedTableSchema = z.object({
  /** Name that the entry would have. */
  name: z.string(),
  /** Where they are inside a record. */
  record: z.string(),
  /** Paths by column, inside one of them. */
  fields: z.record(z.string(), z.string()),
  /** Records that hold any, of those looked at. */
  records: z.int(),
  /** How many there are in those. */
  rows: z.int(),
})
export type NestedTable = z.infer<typeof nestedTableSchema>

/** How nested records can be tables, in the words of `fields` and `children`. */
export const nestedSchema = z.object({
  /** Paths by column: every value that a record has once, and lists of values. What is in tables is not among them. */
  fields: z.record(z.string(), z.string()),
  /** Field that names the records, as the tables' key; null where none does. */
  key: z.string().nullable(),
  /** No two of the records looked at have the same. */
  isKeyUnique: z.boolean(),
  tables: z.array(nestedTableSchema),
  /** How many records were looked at. */
  records: z.int(),
})
export type Nested = z.infer<typeof nestedSchema>

export const sourceGuessSchema = z.object({
  /** Name that the naming rules make of the file's. */
  name: z.string(),
  /** Absolute paths, in order. */
  files: z.array(z.string()),
  sizeBytes: z.int(),
  /** What the content is, whatever the ending says: `csv`, `parquet`, `tar`, `pdf`. */
  format: z.string(),
  /** Why Strata cannot read it; null when it can. */
  cannot: z.string().nullable(),
  declaration: declarationSchema,
  found: z.array(findingOutSchema),
  doubts: z.array(doubtSchema),
  columns: z.array(columnGuessSchema),
  rows: z.object({ count: z.int(), isExact: z.boolean() }).nullable(),
  quarantined: z.int(),
  /** What was looked at: all of it, or which parts. */
  lookedAt: z.string(),
  isWhole: z.boolean(),
  /** Where the records may be, the likeliest first; null stands for what is taken without a path. */
  recordPaths: z.array(z.object({ path: z.string().nullable(), text: z.string() })),
  /** Of a file of several sheets or tables: the key that chooses one, and their names. */
  parts: z.object({ key: z.enum(['sheet', 'table']), names: z.array(z.string()) }).nullable(),
  /** Of JSON and XML whose records hold objects or lists, and that are not read by `fields` already; else null. */
  nested: nestedSchema.nullable(),
  /** The first lines of a text, long ones cut; empty where lines mean nothing. */
  head: z.array(z.string()),
})
export type SourceGuess = z.infer<typeof sourceGuessSchema>

export const sniffedSchema = z.object({
  /** Files that look alike are one source. */
  sources: z.array(sourceGuessSchema),
  fileCount: z.int(),
  sizeBytes: z.int(),
  tookMs: z.number(),
})
export type Sniffed = z.infer<typeof sniffedSchema>

export const previewSchema = z.object({
  columns: z.array(columnSchema),
  /** JSON text of rows, each an array in the order of `columns`; the last two are `_file` and `_record`. */
  rowsJson: z.string(),
  rowCount: z.int(),
  rejects: z.array(z.object({ file: z.string(), record: z.int().nullable(), line: z.int().nullable(), column: z.string().nullable(), reason: z.string(), raw: z.string() })),
  rejected: z.int(),
  /** Left out by rules of the declaration. */
  skipped: z.int(),
  /** The whole source was read, not its beginning. */
  isWhole: z.boolean(),
})
export type IngestPreview = z.infer<typeof previewSchema>

const pathsSchema = z.array(z.string().min(1)).min(1).max(100_000)
const sourceNameSchema = z.string().superRefine((name, ctx) => {
  const problem = datasetNameProblem(name)
  if (problem !== null) ctx.addIssue({ code: 'custom', message: problem })
})

/** What became of one delivered file. */
export const placedFileSchema = z.object({
  from: z.string(),
  /** Where the source reads it, path in the workspace. */
  to: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
  /** again: the same content is in the source already, so it is recorded and not read twice. */
  how: z.enum(['copied', 'moved', 'in_place', 'again']),
  /** File of the source that has the same content. */
  sameAs: z.string().nullable(),
})
export type PlacedFile = z.infer<typeof placedFileSchema>

export const savedSourceSchema = z.object({
  dataType: z.string(),
  source: z.string(),
  dataset: z.string(),
  /** Datasets of the tables inside its records. */
  tables: z.array(z.string()),
  isNewDataType: z.boolean(),
  isNewSource: z.boolean(),
  /** What a source that was there declares now, without its files; null: it is new. */
  declares: declarationSchema.nullable(),
  files: z.array(placedFileSchema),
  /** Files of the workspace that were written or, with `dryRun`, would be: path, content, and what stood there; null: a new file. */
  written: z.array(z.object({ path: z.string(), text: z.string(), before: z.string().nullable() })),
  /** Proposed files that are there already, and stay as they are. */
  kept: z.array(z.string()),
  /** Nothing is new, so there is nothing to run. */
  isNothingNew: z.boolean(),
})
export type SavedSource = z.infer<typeof savedSourceSchema>

export const ingestContract = {
  /**
   * What files are, by their content: formats, encodings, columns, types, each with its evidence and its doubts. Nothing is written. Folders
   * stand for all files in them. Paths are absolute, or in the workspace.
   */
  sniff: procedure.input(z.strictObject({ paths: pathsSchema, declaration: declarationSchema.optional(), watch: z.string().max(64).optional() })).output(sniffedSchema),
  /** How far a sniff has come that was asked for with `watch`; null when none goes on by that name. */
  progress: procedure.input(z.strictObject({ watch: z.string().max(64) })).output(z.object({ share: z.number().nullable(), note: z.string().nullable() }).nullable()),
  /** The first rows as a run would load them, and the rejected records among them. */
  preview: procedure.input(z.strictObject({ paths: pathsSchema, declaration: declarationSchema, limit: z.int().min(1).max(1_000).default(100) })).output(previewSchema),
  /** Puts files into the inbox and the source into pipeline.yaml; with `step`, a first SQL step with its contract. Runs nothing. */
  save: procedure
    .input(
      z.strictObject({
        commandId: commandIdSchema,
        dataType: dataTypeNameSchema,
        source: sourceNameSchema,
        paths: pathsSchema,
        declaration: declarationSchema,
        /** copy leaves the files where they are; move takes them from there. Files in the workspace stay in any case. */
        take: z.enum(['copy', 'move']).default('copy'),
        /** Of a source that is there already: keep reads the files as it declares, change lets it declare what is given here; what else it says stays. */
        reading: z.enum(['keep', 'change']).default('keep'),
        /** Columns for the proposed step; without them, none is proposed. */
        step: z.object({ columns: z.array(columnGuessSchema) }).optional(),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(savedSourceSchema),
}

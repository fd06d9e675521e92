import { z } from 'zod'
import { PARAMETER_TYPES } from '../../../shared/domain/run-parameters.ts'
import { skipRuleFileSchema, sourceColumnFileSchema } from './source-file-values.schema.ts'
import { mysqlFileSchema, postgresFileSchema } from './database-file.schema.ts'
import { descriptionSchema, driftSchema, retryFileSchema, textListSchema, toleranceSchema } from './file-values.schema.ts'
import { httpFileSchema, incrementalFileSchema } from './remote-file.schema.ts'

/** pipelines/<data_type>/pipeline.yaml: where a data type's data come from and how its runs behave. */

export const FILE_FORMATS = ['csv', 'tsv', 'fixed', 'json', 'ndjson', 'xml', 'parquet', 'xlsx', 'sqlite', 'duckdb', 'arrow'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

const csvOnly = (text: string): { description: string } => ({ description: `CSV: ${text}` })

const csvKeys = {
  delimiter: z.string().optional().meta(csvOnly('what separates fields, one character or "tab". Default: found in the file.')),
  quote: z.string().optional().meta(csvOnly('what encloses fields. Default: found in the file; "none" for files that use none.')),
  escape: z.string().optional().meta(csvOnly('what escapes a quote inside quotes. Default: found in the file.')),
  header: z.boolean().optional().meta({ description: 'CSV and XLSX: whether the first line names the columns. Default: true.' }),
  null: textListSchema.or(z.literal('')).optional().meta({ description: 'CSV and XLSX: text that means null, besides the empty unquoted field or empty cell. One or a list.' }),
  skip_lines: z.int().min(0).max(1_000_000).optional().meta(csvOnly('lines to pass over before the header. Default: 0.')),
  comment: z.string().optional().meta(csvOnly('what begins a comment line. Default: none.')),
  ragged: z.enum(['reject', 'fill']).optional().meta(csvOnly('records with fewer fields than columns: reject (the default) to quarantine, or fill with null.')),
  skip_footer: z.int().min(0).max(1_000_000).optional().meta(csvOnly('lines at the end that are no records. Default: 0.')),
}
/** Options that only make sense in delimited text. */
export const CSV_KEYS = Object.keys(csvKeys) as (keyof typeof csvKeys)[]

const xlsxOnly = (text: string): { description: string } => ({ description: `XLSX: ${text}` })

const xlsxKeys = {
  sheet: z.union([z.string().min(1), z.int().min(1)]).optional().meta(xlsxOnly('the sheet: its name, its number among the visible ones, or a pattern such as "20*" for several that become one table. Default: the first visible one.')),
  range: z.string().min(1).optional().meta(xlsxOnly('the cells to read: A5:F100, A5:F (down to the end) or B:D. Default: the whole sheet.')),
  header_rows: z
    .union([z.int().min(1).max(1_048_576), z.array(z.int().min(1).max(1_048_576)).min(1).max(20)])
    .optional()
    .meta(xlsxOnly('the row that names the columns, or several whose names are joined; numbers of the sheet. Default: the first row that holds something.')),
  merged: z.enum(['first', 'repeat']).optional().meta(xlsxOnly('whether merged cells hold their value once (first, the default) or in every row and column they cover (repeat).')),
  errors: z.enum(['quarantine', 'empty']).optional().meta(xlsxOnly('what an error in a cell such as #N/A does: its row goes to quarantine (the default), or the cell counts as empty.')),
}
/** Options that only make sense in workbooks. */
export const XLSX_KEYS = Object.keys(xlsxKeys) as (keyof typeof xlsxKeys)[]

const databaseKeys = {
  table: z.string().min(1).optional().meta({ description: 'SQLite and DuckDB files: the table to read. Default: the only one there is.' }),
  query: z.string().min(1).optional().meta({ description: 'SQLite and DuckDB files: one SELECT to read instead of a table.' }),
}

const fieldsSchema = z
  .record(
    z.string(),
    z.union([
      z.string().min(1),
      z.strictObject({ path: z.string().min(1).meta({ description: 'Where the value is.' }), type: z.string().min(1).optional().meta({ description: 'Its type; a value that does not fit goes to quarantine.' }) }),
    ]),
  )
  .meta({ description: 'JSON and XML: the columns and where their values are: city: $.address.city, or { path: ..., type: DATE }. Default: a column for each key of the record.' })
export type FieldsFile = z.infer<typeof fieldsSchema>

const childrenSchema = z
  .record(
    z.string(),
    z
      .strictObject({
        record: z.string().min(1).meta({ description: 'Where its records are inside a record of the source: $.locations[*].' }),
        keys: textListSchema.optional().meta({ description: 'Fields of the source that are columns here too.' }),
        fields: fieldsSchema,
      })
      .meta({ description: 'Things inside the records that become the raw dataset <source>_<name>.' }),
  )
  .meta({ description: 'JSON and XML: lists inside the records, each a raw dataset of its own over the same files.' })
/** Where the records of a source come from: exactly one of these. */
export const ORIGINS = ['files', 'http', 'postgres', 'mysql'] as const

export const sourceFileSchema = z
  .strictObject({
    files: textListSchema.optional().meta({
      description: 'Files to read: a path, a pattern such as inbox/*.csv, or a folder; one or a list. Relative to the workspace, or absolute. Forward slashes. Every source has files, http, postgres or mysql.',
    }),
    http: httpFileSchema.optional(),
    postgres: postgresFileSchema.optional(),
    mysql: mysqlFileSchema.optional(),
    incremental: incrementalFileSchema.optional(),
    format: z.enum(FILE_FORMATS).optional().meta({ description: 'Format of the files. Default: by their ending.' }),
    keep: z
      .enum(['copy', 'move'])
      .optional()
      .meta({ description: 'copy (the default): the files stay where they are. move: they are taken out of the inbox into the raw zone.' }),
    record: z.string().min(1).optional().meta({ description: 'Where the records are: $.studies[*] in JSON, catalog/disease in XML.' }),
    lists: textListSchema.optional().meta({ description: 'XML: elements that are lists even when there is only one of them.' }),
    columns: z
      .record(z.string(), sourceColumnFileSchema)
      .optional()
      .meta({ description: 'Types by column, such as amount: DECIMAL(18,2), or how its values are written. A value that does not fit goes to quarantine. Others: text (CSV), by content (JSON, XML, XLSX), as the file says (SQLite, Arrow).' }),
    optional: z
      .boolean()
      .optional()
      .meta({ description: 'true: where the files are missing or cannot be read, the last good version stands in, and the run is degraded instead of failed. Default: false.' }),
    tolerate: toleranceSchema.optional().meta({ description: 'Records that may go to quarantine before the step fails: 5, or 1%. Default: any number.' }),
    encoding: z.string().min(1).optional().meta({ description: 'Text: its encoding, such as windows-1252, utf-16, shift_jis or gb18030. Default: found in the file.' }),
    member: textListSchema.optional().meta({ description: 'Archives (zip, tar): the members to read, as names or patterns such as product*; one or a list. Default: those with the ending of the format.' }),
    fields: fieldsSchema.optional(),
    children: childrenSchema.optional(),
    skip: z.record(z.string(), skipRuleFileSchema).optional().meta({ description: 'Records to leave out and count, by the name of the rule: an SQL condition, or { pattern: ^TOTAL }.' }),
    drift: driftSchema.optional(),
    ...csvKeys,
    ...xlsxKeys,
    ...databaseKeys,
  })
  // Said for editors here; the loader says it with a place.
  .meta({ description: 'Files, or the answers of a server, that become one raw dataset: <data_type>.raw.<source>.', anyOf: ORIGINS.map((key) => ({ properties: { [key]: { description: 'Where the records come from.' } }, required: [key] })) })
export type SourceFile = z.infer<typeof sourceFileSchema>

const parameterValueFileSchema = z.union([z.string(), z.number(), z.boolean()])

const parameterFileSchema = z
  .strictObject({
    type: z.enum(PARAMETER_TYPES).meta({ description: 'text, number, boolean (true or false) or date (2026-01-31, in quotes).' }),
    default: parameterValueFileSchema.optional().meta({ description: 'Its value where a run is given none. Without it, every run must be given one.' }),
    description: descriptionSchema.optional(),
    values: z.array(parameterValueFileSchema).min(1).optional().meta({ description: 'The only values that are allowed.' }),
  })
  .meta({ description: "A parameter of runs: getvariable('name') in SQL, context.parameters.name in a processor." })
export type ParameterFile = z.infer<typeof parameterFileSchema>

const gateFileSchema = z
  .strictObject({
    shows: textListSchema.meta({ description: 'What is up for approval: datasets of this data type as zone.name; one or a list.' }),
    before: z.string().min(1).default('publish').meta({ description: 'publish (the default), or the dataset (zone.name) whose step waits for the decision.' }),
    message: z.string().min(1).optional().meta({ description: 'What whoever decides should look at.' }),
  })
  .meta({ description: 'A place where a run waits for a person to approve or reject what it made.' })
export type GateFile = z.infer<typeof gateFileSchema>

const scheduleFileSchema = z
  .strictObject({
    cron: z.string().min(1).meta({ description: 'Minute, hour, day of month, month, day of week: "0 6 * * 1" is every Monday at 06:00.' }),
    time_zone: z.string().min(1).optional().meta({ description: 'Whose clocks: Europe/Berlin, UTC. Default: the time zone of the machine.' }),
    missed: z
      .enum(['run_once', 'skip'])
      .optional()
      .meta({ description: 'What becomes of times that passed while Strata was closed or the machine slept. run_once (the default): one run for all of them; skip: none.' }),
  })
  .meta({ description: 'When it runs by itself, while a window or "strata serve" has the workspace open.' })
export type ScheduleFile = z.infer<typeof scheduleFileSchema>

const triggersFileSchema = z
  .strictObject({
    files: z.union([z.boolean(), textListSchema]).optional().meta({ description: 'New or changed files of these sources start a run, once nothing more is written to them: true for every source, or their names.' }),
    after: textListSchema.optional().meta({ description: 'Data types whose successful runs start one of this; one or a list.' }),
  })
  .meta({ description: 'What else starts it, while a window or "strata serve" has the workspace open.' })
export type TriggersFile = z.infer<typeof triggersFileSchema>

export const pipelineFileSchema = z
  .strictObject({
    label: z.string().min(1).optional().meta({ description: 'Name of the data type as people read it. Without it, the folder name.' }),
    description: descriptionSchema.optional(),
    entity: z
      .strictObject({
        key: z.string().min(1).meta({ description: 'Column that names an entity in the datasets of this data type, such as drug_id.' }),
        labels: textListSchema.optional().meta({ description: 'Columns with what people call it, such as name or synonyms; one or a list. Entities are found by them, in every dataset of this data type that has the key too.' }),
        identifiers: textListSchema.optional().meta({ description: 'Columns with other identifiers of it, such as cas or omim; one or a list. Entities are found by them as well.' }),
      })
      .optional()
      .meta({ description: 'The unit that this data type is about.' }),
    sources: z.record(z.string(), sourceFileSchema).optional().meta({ description: 'Sources by name; each makes the dataset <data_type>.raw.<name>.' }),
    parameters: z.record(z.string(), parameterFileSchema).optional().meta({ description: 'What a run may be given, by name.' }),
    gates: z.record(z.string(), gateFileSchema).optional().meta({ description: 'Gates by name.' }),
    schedule: scheduleFileSchema.optional(),
    triggers: triggersFileSchema.optional(),
    retry: retryFileSchema.optional(),
  })
  .meta({ title: 'Strata pipeline (pipeline.yaml)', description: 'Sources, entity key and retry policy of a data type.' })
export type PipelineFile = z.infer<typeof pipelineFileSchema>

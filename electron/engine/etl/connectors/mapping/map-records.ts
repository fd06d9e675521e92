import { quoteLiteral } from '../../../../../shared/domain/naming.ts'
import type { FieldSpec, RecordMapping } from '../../../workspace/model.ts'
import type { ExtractJob } from '../connector.ts'
import { MAPPED_TABLE, type StagedRecords, stagedRelation } from '../record-stager.ts'
import { PlacesRead } from './read-places.ts'
import { type FieldStep, fieldSql, parseFieldPath, pathText, walkSql } from './field-path.ts'

/** Column of a child that holds the `_record` of its parent in the same file. */
export const PARENT_RECORD = 'parent_record'

/** Names of the columns that a mapping makes, in order. */
export function mappedNames({ child, fields }: RecordMapping): string[] {
  const own = fields.map(({ name }) => name)
  return child === null ? own : [PARENT_RECORD, ...child.keys.map(({ name }) => name), ...own]
}

/**
 * Staged records as the source maps them: one record each with the declared fields, or one for each child in them. What is no record at all is passed
 * on, to be rejected as always.
 */
export async function mapRecords(job: ExtractJob, staged: readonly StagedRecords[], mapping: RecordMapping): Promise<StagedRecords[]> {
  const isXml = job.source.format === 'xml'
  await reportShapes(job, staged, mapping)
  await job.duck.run(`CREATE TEMP TABLE ${MAPPED_TABLE} AS ${mapping.child === null ? parentsSql(staged, mapping, isXml) : childrenSql(staged, mapping, isXml)}`, job.signal)
  return staged.map((source) => ({ ...source, isMapped: true }))
}

/** Good records have `doc`, the others NULL there. */
function documents(staged: readonly StagedRecords[]): string {
  return `(SELECT *, CASE WHEN reason IS NULL AND starts_with(json, '{') AND json_valid(json) THEN json::JSON END AS doc FROM ${stagedRelation(staged)})`
}

function memberSql(root: string, isXml: boolean): (field: FieldSpec) => string {
  return ({ name, path, isList }) => `${quoteLiteral(name)}, ${fieldSql(root, { steps: parseFieldPath(path, isXml), isList })}`
}

function parentsSql(staged: readonly StagedRecords[], { fields }: RecordMapping, isXml: boolean): string {
  const places = new PlacesRead('doc')
  const object = `json_object(${fields.map((field) => `${quoteLiteral(field.name)}, ${places.field(field, isXml)}`).join(', ')})::VARCHAR`
  return `SELECT file, record, line, reason, CASE WHEN doc IS NULL THEN json ELSE ${object} END AS json FROM (SELECT *${places.columns()} FROM ${documents(staged)})`
}

/** What is taken of the parent is taken before there are many of it. */
function childrenSql(staged: readonly StagedRecords[], { fields, child }: RecordMapping, isXml: boolean): string {
  const keys = child?.keys ?? []
  const elements = `list_transform(${walkSql('doc', elementSteps(child?.record ?? '$', isXml))}, lambda e: coalesce(e, 'null'::JSON))`
  const keyValues = keys.map(({ path, isList }, index) => `, ${fieldSql('doc', { steps: parseFieldPath(path, isXml), isList })} AS key_${index}`).join('')
  const members = [`${quoteLiteral(PARENT_RECORD)}, record`, ...keys.map(({ name }, index) => `${quoteLiteral(name)}, key_${index}`), ...fields.map(memberSql('element', isXml))]
  return `
    SELECT file, row_number() OVER (PARTITION BY file ORDER BY record, place) AS record, line, reason, json
    FROM (
      SELECT file, record, place, line, NULL::VARCHAR AS reason, json_object(${members.join(', ')})::VARCHAR AS json
      FROM (SELECT * EXCLUDE (elements), unnest(elements) AS element, generate_subscripts(elements, 1) AS place
        FROM (SELECT file, record, line, ${elements} AS elements${keyValues} FROM ${documents(staged)} WHERE doc IS NOT NULL))
      UNION ALL
      SELECT file, record, 0, line, reason, json FROM ${documents(staged)} WHERE doc IS NULL
    ) ORDER BY file, record`
}

/** Children are elements, whether the path says so or not. */
function elementSteps(path: string, isXml: boolean): FieldStep[] {
  const steps = parseFieldPath(path, isXml)
  return steps.at(-1) === 'each' ? steps : [...steps, 'each']
}

const SHAPES: Readonly<Record<string, string>> = { ARRAY: 'list', OBJECT: 'object', NULL: 'null', absent: 'absent' }

/** How often each place on the way was a list, one thing or nothing: both shapes are taken, and neither is passed over in silence. */
async function reportShapes({ duck, source, signal, log }: ExtractJob, staged: readonly StagedRecords[], mapping: RecordMapping): Promise<void> {
  const isXml = source.format === 'xml'
  const paths = [...(mapping.child === null ? [] : [elementSteps(mapping.child.record, isXml)]), ...(mapping.child === null ? mapping.fields : []).filter(({ isList }) => isList).map(({ path }) => parseFieldPath(path, isXml))]
  const places = new Map(paths.flatMap((steps) => steps.flatMap((step, index) => (step === 'each' ? [] : [steps.slice(0, index + 1)]))).map((steps) => [pathText(steps), steps]))
  if (places.size === 0) return
  const read = new PlacesRead('doc')
  const shapes = [...places.values()].map((steps, index) => `list_transform(${read.shapes(steps)}, lambda s: {place: ${index}, shape: s})`)
  const rows = await duck.rows(
    `SELECT seen.place AS place, seen.shape AS shape, count(*)::INTEGER AS n FROM (
      SELECT unnest(flatten([${shapes.join(', ')}])) AS seen FROM (SELECT doc${read.columns()} FROM ${documents(staged)} WHERE doc IS NOT NULL)) GROUP BY ALL`,
    signal,
  )
  for (const [index, name] of [...places.keys()].entries()) {
    const counts = new Map<string, number>()
    for (const row of rows.filter(({ place }) => Number(place) === index)) {
      const shape = SHAPES[String(row['shape'])] ?? 'single value'
      counts.set(shape, (counts.get(shape) ?? 0) + Number(row['n']))
    }
    const shown = ['list', 'object', 'single value', 'null', 'absent'].flatMap((shape) => (counts.has(shape) ? [`${counts.get(shape)?.toLocaleString('en')} ${shape}`] : []))
    const varies = counts.has('list') && (counts.has('object') || counts.has('single value'))
    log(varies ? 'warn' : 'info', `${source.name}: ${name} is ${shown.join(', ') || 'nowhere'}`)
  }
}

import { isMap, parseDocument } from 'yaml'
import { z } from 'zod'
import { type Declaration, declarationSchema } from '../../../shared/contract/ingest.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'

interface SourceEdit {
  /** pipeline.yaml as it is; null: there is none yet. */
  text: string | null
  /** Path in the workspace, for problems. */
  file: string
  source: string
  files: string[]
  /** Null: the source stays as it is declared, besides its files. */
  declaration: Declaration | null
  label: string
}

/** What a source says that is not how its files are read, and stays when that changes. */
const NOT_READING = new Set(['keep', 'optional', 'drift', 'tolerate', 'skip', 'description', 'children'])
const sourcesSchema = z.object({ sources: z.record(z.string(), declarationSchema) })

/** How a source is read, as pipeline.yaml declares it; null where it is not there. */
export function declarationIn(text: string | null, source: string): Declaration | null {
  const { files: _, ...declaration } = sourceIn(parseDocument(text ?? '').toJS(), source) ?? {}
  return text === null ? null : declaration
}

function othersIn(pipeline: unknown, source: string): Declaration {
  return Object.fromEntries(Object.entries(sourceIn(pipeline, source) ?? {}).filter(([key]) => NOT_READING.has(key)))
}

function sourceIn(pipeline: unknown, source: string): Declaration | undefined {
  const parsed = sourcesSchema.safeParse(pipeline)
  return parsed.success && Object.hasOwn(parsed.data.sources, source) ? parsed.data.sources[source] : undefined
}

/**
 * pipeline.yaml with the source in it. What people wrote there, comments too, stays as it is.
 * @throws WORKSPACE_INVALID when the file is no YAML
 */
export function withSource({ text, file, source, files, declaration, label }: SourceEdit): string {
  const document = parseDocument(text ?? `# Sources of the data type. What the keys mean: docs/reference/workspace-files.md\nlabel: ${JSON.stringify(label)}\n`)
  const [error] = document.errors
  if (error !== undefined) {
    throw new ProblemError('WORKSPACE_INVALID', `${file} is no YAML, so the source cannot be added: ${error.message.split('\n')[0] ?? ''}`, { hint: 'Mend the file first; strata check shows the place', details: { file } })
  }
  const list = files.length === 1 ? files[0] : files
  if (declaration === null) document.setIn(['sources', source, 'files'], list)
  else {
    const sources = document.get('sources')
    // An empty `sources:` is null, into which nothing can be set.
    if (!isMap(sources)) document.set('sources', document.createNode({}))
    const node = document.createNode({ files: list, ...declaration, ...othersIn(document.toJS(), source), ...(declaration['children'] === undefined ? {} : { children: declaration['children'] }) })
    const columns: unknown = node.get('columns')
    // A line a column, also where more is said than its type.
    if (isMap(columns)) for (const { value } of columns.items) if (isMap(value)) value.flow = true
    document.setIn(['sources', source], node)
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

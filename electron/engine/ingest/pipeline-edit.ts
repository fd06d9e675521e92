import { isMap, parseDocument } from 'yaml'
import type { Declaration } from '../../../shared/contract/ingest.contract.ts'
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
    const node = document.createNode({ files: list, ...declaration })
    const columns: unknown = node.get('columns')
    // A line a column, also where more is said than its type.
    if (isMap(columns)) for (const { value } of columns.items) if (isMap(value)) value.flow = true
    document.setIn(['sources', source], node)
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

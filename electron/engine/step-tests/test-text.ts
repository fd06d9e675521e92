import { type Document, isMap, parseDocument, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { TestBody, TestTable } from '../../../shared/contract/step-tests.contract.ts'
import { shortDatasetName } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'

/** Rows that are longer go over several lines. */
const LINE_WIDTH = 160

/**
 * The file of a test with this in it. What people wrote besides, comments too, stays as it is.
 * @param text the file as it is; null: there is none yet
 * @throws WORKSPACE_INVALID when the file is no YAML
 */
export function withTest(text: string | null, file: string, { dataset, description, given, expected }: TestBody): string {
  const document: Document = parseDocument(text ?? '')
  const [error] = document.errors
  if (error !== undefined) throw new ProblemError('WORKSPACE_INVALID', `${file} is no YAML: ${error.message.split('\n')[0] ?? ''}`, { hint: 'Mend its text first; strata check shows the place', details: { file } })
  if (!isMap(document.contents)) document.contents = new YAMLMap(document.schema)
  const dataType = file.split('/')[1] ?? ''
  if (description === null) document.delete('description')
  else document.set('description', description)
  document.set('step', shortDatasetName(dataset, dataType))
  const named = given.filter(({ rows }) => rows.length > 0)
  if (named.length === 0) document.delete('given')
  else {
    const tables = new YAMLMap(document.schema)
    for (const table of named) tables.set(document.createNode(shortDatasetName(table.dataset, dataType)), rowsNode(document, table))
    document.set('given', tables)
  }
  document.set('expect', rowsNode(document, expected))
  return document.toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: true })
}

/** A row a line. */
function rowsNode(document: Document, { columns, rows }: TestTable): YAMLSeq {
  const list = new YAMLSeq(document.schema)
  list.flow = rows.length === 0
  for (const row of rows) {
    const node = new YAMLMap(document.schema)
    node.flow = true
    for (const [i, column] of columns.entries()) node.set(document.createNode(column), cellNode(row[i] ?? null))
    list.add(node)
  }
  return list
}

/** Plain where it reads back as the same text, else in quotes. */
function cellNode(cell: string | null): Scalar {
  if (cell === null) return new Scalar(null)
  if (cell === 'true' || cell === 'false') return new Scalar(cell === 'true')
  if (/^-?(0|[1-9]\d{0,14})$/.test(cell) && cell !== '-0') return new Scalar(Number(cell))
  const isDecimal = /^-?(0|[1-9]\d*)\.\d+$/.test(cell) && String(Number(cell)) === cell
  return isDecimal ? new Scalar(Number(cell)) : new Scalar(cell)
}

import { type Document, isMap, isScalar, isSeq, parseDocument, YAMLMap } from 'yaml'
import type { ContractAddition } from '../../../../shared/domain/contract-addition.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { contractFileSchema } from '../../workspace/contract-file.schema.ts'

/** What only files bring with them: other values of the contract, where it has none yet, and entries of its lists. */
export type FileAddition =
  | ContractAddition
  | { kind: 'column'; column: string; type?: string; description?: string; sensitive?: boolean }
  | { kind: 'set'; path: string[]; value: unknown }
  | { kind: 'append'; path: string[]; value: unknown }

/**
 * The text of a contract with more in it: what stands there stays where it is, comments and order too.
 * @param text null for a contract that is not there yet
 * @throws BAD_INPUT when what came out would be no contract
 */
export function addToContract(text: string | null, additions: readonly FileAddition[]): string {
  const document: Document = parseDocument(text ?? '')
  if (document.errors.length > 0) throw new ProblemError('BAD_INPUT', 'The contract is no YAML, so nothing can be added to it', { hint: 'strata check tells where' })
  if (!isMap(document.contents)) document.contents = document.createNode({})
  for (const addition of additions) add(document, addition)
  const written = document.toString({ lineWidth: 0, flowCollectionPadding: true })
  const checked = contractFileSchema.safeParse(parseDocument(written).toJS())
  const [issue] = checked.success ? [] : checked.error.issues
  if (issue !== undefined) throw new ProblemError('BAD_INPUT', `That would be no contract: ${issue.path.join('.')} ${issue.message}`)
  return written
}

function add(document: Document, addition: FileAddition): void {
  switch (addition.kind) {
    case 'key':
      return document.set('key', addition.columns.length === 1 ? addition.columns[0] : document.createNode(addition.columns, { flow: true }))
    case 'rule':
      return addRule(document, addition)
    case 'column':
      return addColumn(document, addition)
    case 'set':
      if (!document.hasIn(addition.path)) document.setIn(addition.path, document.createNode(addition.value, { flow: typeof addition.value === 'object' }))
      return
    case 'append': {
      const list = document.getIn(addition.path, true)
      if (isSeq(list)) list.add(document.createNode(addition.value))
      else document.setIn(addition.path, document.createNode([addition.value]))
    }
  }
}

/** Type, description and sensitivity where the column has none. */
function addColumn(document: Document, { column, type, description, sensitive }: Extract<FileAddition, { kind: 'column' }>): void {
  const map = columnMap(document, column)
  if (type !== undefined && !map.has('type')) map.set('type', type)
  if (description !== undefined && !map.has('description')) map.set('description', description)
  if (sensitive !== undefined && !map.has('sensitive')) map.set('sensitive', sensitive)
}

function addRule(document: Document, { column, rule }: Extract<ContractAddition, { kind: 'rule' }>): void {
  columnMap(document, column)
  const rules = document.getIn(['columns', column, 'rules'], true)
  const node = document.createNode(rule, { flow: true })
  if (isSeq(rules)) rules.add(node)
  else document.setIn(['columns', column, 'rules'], document.createNode([node]))
}

/** A column may be its type alone, or named and no more. */
function columnMap(document: Document, column: string): YAMLMap {
  if (!isMap(document.get('columns'))) document.set('columns', document.createNode({}))
  const declared = document.getIn(['columns', column], true)
  if (isMap(declared)) return declared
  const map = new YAMLMap()
  if (isScalar(declared) && typeof declared.value === 'string') map.set('type', declared.value)
  document.setIn(['columns', column], map)
  return map
}

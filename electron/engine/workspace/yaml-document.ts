import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml'
import { type FindingList, type Place, placeAt } from './finding-list.ts'

/**
 * A YAML file as plain values that remember where they stand. The values are made here and not by `toJS`, because workspace files
 * are typed by hand: a `~` is a delimiter before it is a null, `007` a code before it is a number, and `null:` a key.
 */
export interface YamlDocument {
  file: string
  /** Records without prototype, arrays and scalars. A key without a value is absent. */
  value: unknown
  /** True when it is no YAML, so that `value` is a guess. */
  isBroken: boolean
  /** Whether the file says anything at `path`, also what was left out since. */
  has(path: readonly PropertyKey[]): boolean
  /** Where the value at `path` stands, or its key; the nearest place above it when it is missing. */
  place(path: readonly PropertyKey[], part?: 'key' | 'value'): Place
  /**
   * Takes values out of `value`, the nearest one above where there is none; what follows in a list moves up and keeps its place in
   * the file. False when nothing could be taken out.
   */
  leaveOut(paths: readonly (readonly PropertyKey[])[]): boolean
  /** Place of character `offset` inside the text at `path`, for a statement in a block. */
  textPlace(path: readonly PropertyKey[], offset: number): Place
}

interface Spot {
  key: number | null
  node: Node
}

/** An alias may be used often; a document that grows without end is a mistake or an attack. */
const MAX_NODES = 50_000
const MAX_DEPTH = 40

export function parseYaml(file: string, text: string, findings: FindingList): YamlDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  for (const error of document.errors) {
    findings.add({ code: 'yaml-syntax', file, at: at(error.pos[0]), message: `YAML: ${firstLine(error.message)}`, suggestion: syntaxSuggestion(error.code) })
  }
  const spots = new Map<string, Spot>()
  let nodeCount = 0

  function read(node: unknown, path: readonly PropertyKey[], key: number | null): unknown {
    if (isAlias(node)) return read(node.resolve(document), path, key)
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return emptyValue(path)
    spots.set(keyOf(path), { key, node })
    nodeCount += 1
    if (nodeCount > MAX_NODES || path.length > MAX_DEPTH) return undefined
    if (isSeq(node)) return node.items.map((item, i) => read(item, [...path, i], null))
    if (isScalar(node)) return scalarValue(node, path, text)
    const record: Record<string, unknown> = Object.create(null)
    for (const pair of node.items) {
      const name = keyText(pair.key)
      const keyStart = isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null
      if (isScalar(pair.key)) spots.set(keyOf([...path, name]), { key: keyStart, node: pair.key })
      const value = read(pair.value, [...path, name], keyStart)
      if (value !== undefined) record[name] = value
    }
    return record
  }

  const value = read(document.contents, [], null)
  if (nodeCount > MAX_NODES) findings.add({ code: 'yaml-syntax', file, message: `The file has more than ${MAX_NODES} values` })

  function spotOf(path: readonly PropertyKey[]): { spot: Spot | undefined; isExact: boolean } {
    for (let length = path.length; length >= 0; length--) {
      const spot = spots.get(keyOf(path.slice(0, length)))
      if (spot !== undefined) return { spot, isExact: length === path.length }
    }
    return { spot: undefined, isExact: false }
  }

  return {
    file,
    value,
    isBroken: document.errors.some(({ code }) => code !== 'DUPLICATE_KEY'),
    has: (path) => spots.has(keyOf(path)),
    place(path, part = 'value') {
      const { spot, isExact } = spotOf(path)
      if (spot === undefined) return { line: 1, column: 1 }
      const start = spot.node.range?.[0] ?? 0
      return at(part === 'key' || !isExact ? (spot.key ?? start) : start)
    },
    leaveOut(paths) {
      const gone = new Set<string>()
      // From the end, so that a list's earlier items still have their number.
      for (const path of paths.toReversed()) {
        if (path.some((_, i) => gone.has(keyOf(path.slice(0, i + 1))))) continue
        const target = nearestPresent(value, path)
        if (target === null) return false
        remove(value, target, spots)
        gone.add(keyOf(target))
      }
      return paths.length > 0
    },
    textPlace(path, offset) {
      const { spot } = spotOf(path)
      const node = spot?.node
      if (!isScalar(node)) return at(node?.range?.[0] ?? 0)
      return node.type === 'BLOCK_LITERAL' ? blockPlace(node, offset, text, at) : at((node.range?.[0] ?? 0) + (node.type === 'PLAIN' ? offset : 0))
    },
  }
}

function nearestPresent(root: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | null {
  for (let length = path.length; length > 0; length--) {
    const parent = containerAt(root, path.slice(0, length - 1))
    const key = path[length - 1]
    if (parent !== null && key !== undefined && String(key) in parent) return path.slice(0, length)
  }
  return null
}

function remove(root: unknown, path: readonly PropertyKey[], spots: Map<string, Spot>): void {
  const parentPath = path.slice(0, -1)
  const parent = containerAt(root, parentPath)
  const key = path.at(-1)
  if (parent === null || key === undefined) return
  if (!Array.isArray(parent)) {
    delete parent[String(key)]
    return
  }
  parent.splice(Number(key), 1)
  for (const [text, spot] of [...spots]) {
    const spotPath: string[] = JSON.parse(text)
    const index = Number(spotPath[parentPath.length])
    if (spotPath.length <= parentPath.length || keyOf(spotPath.slice(0, parentPath.length)) !== keyOf(parentPath) || index < Number(key)) continue
    spots.delete(text)
    if (index > Number(key)) spots.set(keyOf([...parentPath, index - 1, ...spotPath.slice(parentPath.length + 1)]), spot)
  }
}

function containerAt(root: unknown, path: readonly PropertyKey[]): Record<string, unknown> | null {
  const found = path.reduce<unknown>((value, key) => (isContainer(value) ? value[String(key)] : undefined), root)
  return isContainer(found) ? found : null
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** A literal block keeps its lines, less the indentation of its first one. */
function blockPlace(node: Scalar, offset: number, text: string, at: (offset: number) => Place): Place {
  const { line, column } = placeAt(String(node.value), offset)
  const head = node.range?.[0] ?? 0
  const bodyStart = text.indexOf('\n', head) + 1
  const indent = /^ */.exec(text.slice(bodyStart).replace(/^( *\r?\n)+/, ''))?.[0].length ?? 0
  const { line: firstLineNumber } = at(bodyStart)
  return { line: (firstLineNumber ?? 1) + line - 1, column: column + indent }
}

function scalarValue(node: Scalar, path: readonly PropertyKey[], text: string): unknown {
  const source = typeof node.source === 'string' ? node.source : ''
  const [parent, key] = path.slice(-2)
  // Under `null:` stand the texts that mean null in a file, also those that YAML takes for something else.
  if ((key ?? parent) === 'null' || parent === 'null') return node.type === 'PLAIN' && source !== '' ? source : node.value
  if (node.value === null) {
    if (source === '~') return source
    return emptyValue(path)
  }
  if (node.type === 'BLOCK_LITERAL' && node.value === '' && text.charAt(node.range?.[0] ?? 0) === '|') return '|'
  if (node.type === 'PLAIN' && typeof node.value === 'number' && !printsAsWritten(node.value, source)) return source
  return node.value
}

/** A column or a rule that is named and no more is still declared; elsewhere a key without a value was not said. */
function emptyValue(path: readonly PropertyKey[]): unknown {
  return path.at(-2) === 'columns' || path.at(-3) === 'rules' ? Object.create(null) : undefined
}

/** Codes with leading zeros and numbers beyond a double's precision would change their meaning as numbers. */
function printsAsWritten(value: number, source: string): boolean {
  if (/^[-+]?0\d/.test(source)) return false
  return !Number.isInteger(value) || Number.isSafeInteger(value)
}

/** Keys are text as written: a column may be called `null`, `true` or `2020`. */
function keyText(key: unknown): string {
  if (isScalar(key)) return typeof key.source === 'string' && key.type === 'PLAIN' ? key.source : String(key.value)
  return String(key)
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String))
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message
}

function syntaxSuggestion(code: string): string | null {
  if (code === 'BAD_SCALAR_START' || code === 'BLOCK_AS_IMPLICIT_KEY') return 'Put the value in quotes'
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces'
  if (code === 'DUPLICATE_KEY') return 'Remove one of the two'
  if (code === 'MULTIPLE_DOCS') return 'Remove the --- line'
  return null
}

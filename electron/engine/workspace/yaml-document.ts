import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml'
import { type FindingList, type Place, placeAt } from './finding-list.ts'
import { emptyValue, keyText, type ScalarReader, settingValue, testValue } from './yaml-values.ts'

type Path = readonly PropertyKey[]

/** A YAML file as plain values that remember where they stand. */
export interface YamlDocument {
  file: string
  /** Records without prototype, arrays and scalars. A key without a value is absent. */
  value: unknown
  /** True when it is no YAML, so that `value` is a guess. */
  isBroken: boolean
  /** Whether the file says anything at `path`, also what was left out since. */
  has(path: Path): boolean
  /** Where the value at `path` stands, or its key; the nearest place above it when it is missing. */
  place(path: Path, part?: 'key' | 'value'): Place
  /**
   * Takes values out of `value`, the nearest one above where there is none; what follows in a list moves up and keeps its place in
   * the file. False when nothing could be taken out.
   */
  leaveOut(paths: readonly Path[]): boolean
  /** Place of character `offset` inside the text at `path`, for a statement in a block. */
  textPlace(path: Path, offset: number): Place
}

interface Spot {
  /** Offset of the key that leads there; null for items of a list. */
  key: number | null
  node: Node
}

/** An alias may be used often; a document that grows without end is a mistake or an attack. */
const MAX_NODES = 50_000
const MAX_DEPTH = 40

/** A file that declares something. */
export function parseYaml(file: string, text: string, findings: FindingList): YamlDocument {
  return parse({ file, text, findings, readScalar: settingValue })
}

/** The test of a step. */
export function parseTestYaml(file: string, text: string, findings: FindingList): YamlDocument {
  return parse({ file, text, findings, readScalar: testValue })
}

function parse({ file, text, findings, readScalar }: { file: string; text: string; findings: FindingList; readScalar: ScalarReader }): YamlDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  for (const error of document.errors) {
    findings.add({ code: 'yaml-syntax', file, at: at(error.pos[0]), message: `YAML: ${error.message.split('\n')[0]}`, suggestion: syntaxSuggestion(error.code) })
  }
  const reader = new ValueReader(document, { text, readScalar })
  const value = reader.read(document.contents, [], null)
  if (reader.isTooLarge) findings.add({ code: 'yaml-syntax', file, message: `The file has more than ${MAX_NODES} values` })
  for (const offset of reader.refusedKeys) findings.add({ code: 'bad-name', file, at: at(offset), message: '"__proto__" cannot be a key' })
  const { spots } = reader
  return {
    file,
    value,
    isBroken: reader.isTooLarge || document.errors.some(({ code }) => code !== 'DUPLICATE_KEY'),
    has: (path) => spots.has(keyOf(path)),
    place: (path, part = 'value') => placeOf(spots, path, { part, at }),
    leaveOut: (paths) => leaveOut(value, paths, spots),
    textPlace(path, offset) {
      const node = nearestSpot(spots, path)?.node
      const start = node?.range?.[0] ?? 0
      if (!isScalar(node)) return at(start)
      if (node.type === 'BLOCK_LITERAL') return blockPlace(node, offset, { text, at })
      return at(start + (node.type === 'PLAIN' ? offset : 0))
    },
  }
}

/** Makes values of nodes and notes where each stands. Not `toJS`, which forgets places and reads scalars as YAML alone would. */
class ValueReader {
  readonly spots = new Map<string, Spot>()
  /** Offsets of keys that no object can have as data. */
  readonly refusedKeys: number[] = []
  readonly #document: Document.Parsed
  readonly #text: string
  readonly #readScalar: ScalarReader
  #nodeCount = 0

  constructor(document: Document.Parsed, { text, readScalar }: { text: string; readScalar: ScalarReader }) {
    this.#document = document
    this.#text = text
    this.#readScalar = readScalar
  }

  get isTooLarge(): boolean {
    return this.#nodeCount > MAX_NODES
  }

  read(node: unknown, path: Path, key: number | null): unknown {
    if (isAlias(node)) return this.read(node.resolve(this.#document), path, key)
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return emptyValue(path)
    this.spots.set(keyOf(path), { key, node })
    this.#nodeCount += 1
    if (this.isTooLarge || path.length > MAX_DEPTH) return undefined
    if (isScalar(node)) return this.#readScalar(node, path, this.#text)
    return isSeq(node) ? node.items.map((item, i) => this.read(item, [...path, i], null)) : this.#record(node, path)
  }

  #record(map: YAMLMap, path: Path): Record<string, unknown> {
    const record: Record<string, unknown> = Object.create(null)
    for (const pair of map.items) {
      const name = keyText(pair.key)
      if (name === '__proto__') {
        this.refusedKeys.push(isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0)
        continue
      }
      const value = this.#pairValue(pair, [...path, name])
      if (value !== undefined) record[name] = value
    }
    return record
  }

  #pairValue({ key, value }: Pair, path: Path): unknown {
    if (!isScalar(key)) return this.read(value, path, null)
    const start = key.range?.[0] ?? null
    this.spots.set(keyOf(path), { key: start, node: key })
    return this.read(value, path, start)
  }
}

type Spots = ReadonlyMap<string, Spot>

function nearestSpot(spots: Spots, path: Path): Spot | undefined {
  for (let length = path.length; length >= 0; length--) {
    const spot = spots.get(keyOf(path.slice(0, length)))
    if (spot !== undefined) return spot
  }
  return undefined
}

function placeOf(spots: Spots, path: Path, { part, at }: { part: 'key' | 'value'; at: (offset: number) => Place }): Place {
  const spot = nearestSpot(spots, path)
  if (spot === undefined) return { line: 1, column: 1 }
  const start = spot.node.range?.[0] ?? 0
  return at(part === 'key' || !spots.has(keyOf(path)) ? (spot.key ?? start) : start)
}

function leaveOut(root: unknown, paths: readonly Path[], spots: Map<string, Spot>): boolean {
  const gone = new Set<string>()
  // From the end, so that a list's earlier items still have their number.
  for (const path of paths.toReversed()) {
    if (path.some((_, i) => gone.has(keyOf(path.slice(0, i + 1))))) continue
    const target = nearestPresent(root, path)
    if (target === null) return false
    remove(root, target, spots)
    gone.add(keyOf(target))
  }
  return paths.length > 0
}

function nearestPresent(root: unknown, path: Path): Path | null {
  for (let length = path.length; length > 0; length--) {
    const parent = containerAt(root, path.slice(0, length - 1))
    const key = path[length - 1]
    if (parent !== null && key !== undefined && String(key) in parent) return path.slice(0, length)
  }
  return null
}

function remove(root: unknown, path: Path, spots: Map<string, Spot>): void {
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

function containerAt(root: unknown, path: Path): Record<string, unknown> | null {
  const found = path.reduce<unknown>((value, key) => (isContainer(value) ? value[String(key)] : undefined), root)
  return isContainer(found) ? found : null
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** A literal block keeps its lines, less the indentation of its first one. */
function blockPlace(node: Scalar, offset: number, { text, at }: { text: string; at: (offset: number) => Place }): Place {
  const { line, column } = placeAt(String(node.value), offset)
  const bodyStart = text.indexOf('\n', node.range?.[0] ?? 0) + 1
  const indent = /^ */.exec(text.slice(bodyStart).replace(/^( *\r?\n)+/, ''))?.[0].length ?? 0
  return { line: (at(bodyStart).line ?? 1) + line - 1, column: column + indent }
}

function keyOf(path: Path): string {
  return JSON.stringify(path.map(String))
}

function syntaxSuggestion(code: string): string | null {
  if (code === 'BAD_SCALAR_START' || code === 'BLOCK_AS_IMPLICIT_KEY') return 'Put the value in quotes'
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces'
  if (code === 'DUPLICATE_KEY') return 'Remove one of the two'
  if (code === 'MULTIPLE_DOCS') return 'Remove the --- line'
  return null
}

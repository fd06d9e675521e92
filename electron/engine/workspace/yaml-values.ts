import { isScalar, type Scalar } from 'yaml'

/**
 * How a scalar of a workspace file is read. These files are typed by hand: a `~` is a delimiter before it is a null, `007` a code
 * before it is a number, and `null:` a key.
 */

type Path = readonly PropertyKey[]

/** Reads a scalar of one kind of file; `text` is the whole file. */
export type ScalarReader = (node: Scalar, path: Path, text: string) => unknown

/** Of files that declare something. */
export function settingValue(node: Scalar, path: Path, text: string): unknown {
  const isPlain = node.type === 'PLAIN'
  const source = typeof node.source === 'string' ? node.source : ''
  // Under `null:` stand the texts that mean null in a file, also those that YAML takes for something else.
  if (path.at(-1) === 'null' || path.at(-2) === 'null') return isPlain && source !== '' ? source : node.value
  if (node.value === null) return source === '~' ? source : emptyValue(path)
  if (isLonePipe(node, text)) return '|'
  const changesAsNumber = isPlain && typeof node.value === 'number' && !printsAsWritten(node.value, source)
  return changesAsNumber ? source : node.value
}

/** A column or a rule that is named and no more is still declared; elsewhere a key without a value was not said. */
export function emptyValue(path: Path): unknown {
  return path.at(-2) === 'columns' || path.at(-3) === 'rules' ? Object.create(null) : undefined
}

/** Of tests of steps: in their rows no digit may change, and a null is a value. */
export function testValue(node: Scalar, path: Path, text: string): unknown {
  return isTestCell(path) ? testCell(node) : settingValue(node, path, text)
}

function isTestCell(path: Path): boolean {
  const [top] = path
  return path.length > 2 && (top === 'given' || top === 'expect')
}

function testCell({ type, value, source }: Scalar): unknown {
  return type === 'PLAIN' && typeof value === 'number' ? source : value
}

/** Keys are text as written: a column may be called `null`, `true` or `2020`. */
export function keyText(key: unknown): string {
  if (isScalar(key)) return typeof key.source === 'string' && key.type === 'PLAIN' ? key.source : String(key.value)
  return String(key)
}

/** `delimiter: |` begins a block to YAML, here an empty one, which nobody means. */
function isLonePipe(node: Scalar, text: string): boolean {
  return node.type === 'BLOCK_LITERAL' && node.value === '' && text.charAt(node.range?.[0] ?? 0) === '|'
}

/** Codes with leading zeros and numbers beyond a double's precision would change their meaning as numbers. */
function printsAsWritten(value: number, source: string): boolean {
  if (/^[-+]?0\d/.test(source)) return false
  return !Number.isInteger(value) || Number.isSafeInteger(value)
}

/** Where lists of objects lie in a JSON document, from its beginning alone. */
export interface JsonOutline {
  top: 'object' | 'list'
  /** Names of the first object's members. */
  keys: string[]
  /** Path in the words of `record`, elements seen, and how many of them are objects. `$` is the top list. */
  lists: { path: string; elements: number; objects: number; depth: number }[]
  documents: number
  /** The one member of the top object, where that is an object: an envelope around the record. */
  wrapper: string | null
}

interface Frame {
  kind: 'object' | 'list'
  path: string
  depth: number
  key: string
}

const MAX_DEPTH = 5
const MAX_KEYS = 12
const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+|"[\s\S]*$/y

/** Reads as far as the text goes; a cut end is no matter. */
export function outlineJson(text: string): JsonOutline {
  const reader = new OutlineReader()
  const token = new RegExp(TOKEN)
  for (let found = token.exec(text); found !== null; found = token.exec(text)) reader.take(found[0])
  return reader.outline(text.trimStart().replace(/^\uFEFF/, '').startsWith('[') ? 'list' : 'object')
}

class OutlineReader {
  readonly #keys: string[] = []
  readonly #lists = new Map<string, JsonOutline['lists'][number]>()
  readonly #objects = new Set<string>()
  readonly #stack: Frame[] = []
  #documents = 0
  #pending: string | null = null

  take(token: string): void {
    if (/^[\s\uFEFF,]/.test(token)) return
    if (token === '{' || token === '[') this.#open(token === '{' ? 'object' : 'list')
    else if (token === '}' || token === ']') this.#stack.pop()
    else if (token === ':') this.#name()
    else {
      this.#pending = token
      this.#element(false)
    }
  }

  outline(top: JsonOutline['top']): JsonOutline {
    const found = { top, keys: this.#keys, lists: [...this.#lists.values()], documents: this.#documents }
    return { ...found, wrapper: wrapperOf(found, this.#objects) }
  }

  #open(kind: Frame['kind']): void {
    const top = this.#stack.at(-1)
    if (top === undefined) this.#documents++
    this.#element(kind === 'object')
    const frame = enter(top, kind)
    this.#stack.push(frame)
    if (kind === 'object' && frame.depth === 1) this.#objects.add(frame.path)
    const isNew = kind === 'list' && frame.depth <= MAX_DEPTH && !frame.path.includes('[*]') && !this.#lists.has(frame.path)
    if (isNew) this.#lists.set(frame.path, { path: frame.path, elements: 0, objects: 0, depth: frame.depth })
  }

  #element(isObject: boolean): void {
    const top = this.#stack.at(-1)
    const list = top?.kind === 'list' ? this.#lists.get(top.path) : undefined
    if (list === undefined) return
    list.elements++
    if (isObject) list.objects++
  }

  #name(): void {
    const top = this.#stack.at(-1)
    if (top?.kind !== 'object' || this.#pending === null) return
    top.key = nameOf(this.#pending)
    const isFirstObject = top.path === '$' || top.path === '$[*]'
    if (isFirstObject && this.#keys.length < MAX_KEYS && !this.#keys.includes(top.key)) this.#keys.push(top.key)
  }
}

function wrapperOf({ top, keys }: Pick<JsonOutline, 'top' | 'keys'>, objects: ReadonlySet<string>): string | null {
  const [key] = keys
  if (top !== 'object' || keys.length !== 1 || key === undefined || !/^[\p{L}\p{N}_]+$/u.test(key)) return null
  return objects.has(`$.${key}`) ? key : null
}

function enter(top: Frame | undefined, kind: Frame['kind']): Frame {
  if (top === undefined) return { kind, path: '$', depth: 0, key: '' }
  const path = top.kind === 'list' ? `${top.path}[*]` : `${top.path}${step(top.key)}`
  return { kind, path, depth: top.depth + 1, key: '' }
}

function step(key: string): string {
  return /^[\p{L}\p{N}_@#$-]+$/u.test(key) ? `.${key}` : `["${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"]`
}

function nameOf(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch (error) {
    if (error instanceof SyntaxError) return token
    throw error
  }
}

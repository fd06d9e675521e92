import { SEEN } from '../infer-columns.ts'

/** All but plain characters; without the flag u, each half of a pair counts as well. */
const NEEDS_ESCAPE = /[^ !#-[\]-\uD7FF\uE000-\uFFFF]/
const IS_BLANK = /^\s*$/
/** From this many on, members are looked up in a map. */
const MANY_MEMBERS = 16

/** An element that is being read, as the JSON that it becomes: attributes as `@name`, children by name, its own text beside them as `#text`. */
export class XmlElement {
  name = ''
  text = ''
  /** Members in use; the lists keep their room for the next element. */
  #size = 0
  #keys: string[] = []
  /** As JSON; of a key that comes again, what goes between the brackets of its list. */
  #values: string[] = []
  #isList: boolean[] = []
  #places: Map<string, number> | null = null

  begin(name: string): void {
    this.name = name
    this.text = ''
    this.#size = 0
    this.#places = null
  }

  setAttribute(name: string, value: string): void {
    const key = `@${name}`
    const place = this.#placeOf(key)
    if (place === -1) this.#push(key, { json: jsonText(value), isList: false })
    else this.#values[place] = jsonText(value)
  }

  /** @param isList also where there is one */
  add(child: XmlElement, isList: boolean): void {
    const json = child.#json()
    const place = this.#placeOf(child.name)
    if (place === -1) return this.#push(child.name, { json, isList })
    this.#isList[place] = true
    this.#values[place] += `,${json}`
  }

  /** A record is an object in any case. */
  recordJson(): string {
    return this.#object(IS_BLANK.test(this.text) ? null : this.text.trim())
  }

  /** Keys of the record, in order, with what their values are, as bits of SEEN. */
  eachMember(use: (key: string, seen: number) => void): void {
    for (let index = 0; index < this.#size; index++) {
      const value = this.#values[index] ?? 'null'
      use(this.#keys[index] ?? '', this.#isList[index] === true ? SEEN.nested : seenIn(value))
    }
    if (!IS_BLANK.test(this.text)) use('#text', SEEN.text)
  }

  /** Without attributes and children it is its text, exactly; blank or empty it is null. */
  #json(): string {
    const isBlank = this.text === '' || IS_BLANK.test(this.text)
    if (this.#size === 0) return isBlank ? 'null' : jsonText(this.text)
    return this.#object(isBlank ? null : this.text.trim())
  }

  #object(text: string | null): string {
    let json = '{'
    for (let index = 0; index < this.#size; index++) {
      const value = this.#values[index] ?? 'null'
      json += `${index === 0 ? '' : ','}${jsonText(this.#keys[index] ?? '')}:${this.#isList[index] === true ? `[${value}]` : value}`
    }
    if (text !== null) json += `${json === '{' ? '' : ','}"#text":${jsonText(text)}`
    return `${json}}`
  }

  #placeOf(key: string): number {
    if (this.#size >= MANY_MEMBERS) {
      this.#places ??= new Map(this.#keys.slice(0, this.#size).map((name, index) => [name, index]))
      return this.#places.get(key) ?? -1
    }
    for (let index = 0; index < this.#size; index++) if (this.#keys[index] === key) return index
    return -1
  }

  #push(key: string, { json, isList }: { json: string; isList: boolean }): void {
    this.#places?.set(key, this.#size)
    this.#keys[this.#size] = key
    this.#values[this.#size] = json
    this.#isList[this.#size++] = isList
  }
}

function seenIn(json: string): number {
  if (json.startsWith('"')) return SEEN.text
  return json === 'null' ? 0 : SEEN.nested
}

function jsonText(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

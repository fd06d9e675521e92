import { quoteLiteral } from '../../../../../shared/domain/naming.ts'
import type { FieldSpec } from '../../../workspace/model.ts'
import { jsonPointer } from '../infer-columns.ts'
import { elementsOf, fieldSql, type FieldStep, parseFieldPath, walkSql } from './field-path.ts'

/**
 * Many places of one document, read by one parse of it where no list is on the way; a place behind a list is walked to as `walkSql` does it. A document
 * of hundreds of fields would else be parsed hundreds of times.
 */
export class PlacesRead {
  readonly #root: string
  readonly #pointers = new Map<string, number>()

  /** @param root SQL of the JSON document, a column of the relation that `columns` is added to */
  constructor(root: string) {
    this.#root = root
  }

  /** The value of a field, as `fieldSql` gives it. */
  field({ path, isList }: FieldSpec, isXml: boolean): string {
    const steps = parseFieldPath(path, isXml)
    const slow = fieldSql(this.#root, { steps, isList })
    const keys = namesOf(steps.at(-1) === 'each' ? steps.slice(0, -1) : steps)
    if (keys === null) return slow
    const value = `"__values"[${this.#place(keys)}]`
    const fast = isList ? `CASE WHEN ${value} IS NOT NULL THEN to_json(${elementsOf(`[${value}]`)}) END` : value
    return this.#unlessListed(keys, fast, slow)
  }

  /** What is at a place: a list of types, one for each thing that is found, or `absent`. */
  shapes(steps: readonly FieldStep[]): string {
    const found = walkSql(this.#root, steps)
    const slow = `CASE WHEN len(${found}) = 0 THEN ['absent'] ELSE list_transform(${found}, lambda e: json_type(e)) END`
    const keys = namesOf(steps)
    if (keys === null) return slow
    return this.#unlessListed(keys, `[coalesce("__types"[${this.#place(keys)}], 'absent')]`, slow)
  }

  /** The columns that the expressions read; to be asked for once they are all made. */
  columns(): string {
    if (this.#pointers.size === 0) return ''
    const pointers = `[${[...this.#pointers.keys()].map(quoteLiteral).join(', ')}]`
    return `, json_extract(${this.#root}, ${pointers}) AS "__values", json_type(${this.#root}, ${pointers}) AS "__types"`
  }

  #unlessListed(keys: readonly string[], fast: string, slow: string): string {
    const before = keys.slice(1).map((_, index) => `"__types"[${this.#place(keys.slice(0, index + 1))}] = 'ARRAY'`)
    return before.length === 0 ? fast : `CASE WHEN ${before.join(' OR ')} THEN ${slow} ELSE ${fast} END`
  }

  /** From 1, as DuckDB counts. */
  #place(keys: readonly string[]): number {
    const pointer = keys.map(jsonPointer).join('')
    const known = this.#pointers.get(pointer)
    if (known !== undefined) return known
    this.#pointers.set(pointer, this.#pointers.size + 1)
    return this.#pointers.size
  }
}

/** Null where lists are asked for on the way, or a member may be missing without harm. */
function namesOf(steps: readonly FieldStep[]): string[] | null {
  const keys = steps.flatMap((step) => (step === 'each' || step.isOptional ? [] : [step.key]))
  return keys.length === steps.length && keys.length > 0 ? keys : null
}

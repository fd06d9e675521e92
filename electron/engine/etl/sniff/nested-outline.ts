/** What was seen at one place of the records, lists on the way left out: `$.refs.ref` for a list of wrapped things and for one alike. */
export interface Place {
  /** Names of the members that lead here. */
  keys: readonly string[]
  objects: number
  lists: number
  scalars: number
  /** A list was an element of a list, which no path can tell apart. */
  isDeep: boolean
  /** Records that have anything here. */
  records: number
  /** Different values, where each record has exactly one and most are different; else 0. */
  distinct: number
  members: ReadonlyMap<string, Place>
}

interface Counted extends Place {
  members: Map<string, Counted>
  /** Null once it is no name of the records. */
  values: Set<unknown> | null
  lastRecord: number
}

/** Names beyond these are data, such as years, and no columns. */
export const MOST_MEMBERS = 200
const MOST_DEPTH = 12
const LONGEST_KEY = 100
/** Share of different values from which they may be names, and from how many values on that is asked. */
const MOSTLY = 0.5
const ENOUGH = 1_000

/** Adds up what records hold, one after the other. */
export class NestedOutline {
  readonly #root = newPlace([])
  #records = 0

  add(record: Readonly<Record<string, unknown>>): void {
    this.#records++
    this.#root.objects++
    this.#members(this.#root, record)
  }

  /** The record itself, and how many there were. */
  outline(): { root: Place; records: number } {
    close(this.#root, this.#records)
    return { root: this.#root, records: this.#records }
  }

  #members(place: Counted, object: object): void {
    if (place.keys.length >= MOST_DEPTH) return
    for (const [key, value] of Object.entries(object)) {
      if (value === null || value === undefined) continue
      const known = place.members.get(key)
      if (known === undefined && place.members.size > MOST_MEMBERS) continue
      const member = known ?? newPlace([...place.keys, key])
      if (known === undefined) place.members.set(key, member)
      this.#value(member, value)
    }
  }

  #value(place: Counted, value: unknown): void {
    if (!Array.isArray(value)) return this.#one(place, value)
    place.lists++
    place.values = null
    for (const element of value) {
      if (Array.isArray(element)) place.isDeep = true
      else if (element !== null) this.#one(place, element)
    }
  }

  #one(place: Counted, value: unknown): void {
    const isSecond = place.lastRecord === this.#records
    if (!isSecond) place.records++
    place.lastRecord = this.#records
    if (typeof value === 'object' && value !== null) {
      place.objects++
      this.#members(place, value)
      return
    }
    place.scalars++
    place.values?.add(value)
    const isName = !isSecond && (typeof value !== 'string' || value.length <= LONGEST_KEY) && (place.scalars < ENOUGH || (place.values?.size ?? 0) > place.scalars * MOSTLY)
    if (!isName) place.values = null
  }
}

function newPlace(keys: readonly string[]): Counted {
  return { keys, objects: 0, lists: 0, scalars: 0, isDeep: false, records: 0, distinct: 0, members: new Map(), values: new Set(), lastRecord: 0 }
}

/** The values are not needed any more; a place that some record lacks is no name of theirs. */
function close(place: Counted, records: number): void {
  const distinct = place.values?.size ?? 0
  place.values = null
  place.distinct = place.scalars === records && place.objects === 0 && distinct >= records * MOSTLY ? distinct : 0
  for (const member of place.members.values()) close(member, records)
}

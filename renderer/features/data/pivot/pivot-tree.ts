import type { GroupKey } from '../../../../shared/domain/pivot.ts'

/**
 * Which groups are open, as the lines of one long table: how many lines there are, and which groups stand on a stretch of them. Holds no groups, only their
 * numbers; those come a page at a time.
 */
export interface OpenLevel {
  readonly path: readonly GroupKey[]
  readonly groupCount: number
  /** Open groups by their place on this level. */
  readonly open: ReadonlyMap<number, OpenLevel>
}

/** A stretch of one level that stands together. */
export interface Stretch {
  readonly path: readonly GroupKey[]
  /** Places on the level, the last one included. */
  readonly from: number
  readonly to: number
}

export function levelLines({ groupCount, open }: OpenLevel): number {
  return [...open.values()].reduce((sum, level) => sum + levelLines(level), groupCount)
}

/** What stands on the lines from `offset`, in order. */
export function stretches(level: OpenLevel, offset: number, limit: number): Stretch[] {
  const found: Stretch[] = []
  collect(level, { offset, end: offset + limit, line: 0 }, found)
  return found
}

interface Lines {
  offset: number
  end: number
  /** Of the first group of the level. */
  line: number
}

function collect(level: OpenLevel, { offset, end, line: first }: Lines, found: Stretch[]): void {
  let [place, line] = [0, first]
  const take = (to: number): void => {
    // Groups from `place` to `to` stand on lines one after the other.
    const from = Math.max(place, place + offset - line)
    const last = Math.min(to, place + end - line - 1)
    if (from <= last) found.push({ path: level.path, from, to: last })
    line += to - place + 1
    place = to + 1
  }
  for (const [at, child] of [...level.open].toSorted(([a], [b]) => a - b)) {
    if (line >= end) return
    take(at)
    const lines = levelLines(child)
    if (line < end && line + lines > offset) collect(child, { offset, end, line }, found)
    line += lines
  }
  if (line < end && place < level.groupCount) take(level.groupCount - 1)
}

/** With the group at a place of a level open, or closed when `child` is null. */
export function withOpen(level: OpenLevel, path: readonly GroupKey[], { at, child }: { at: number; child: OpenLevel | null }): OpenLevel {
  if (path.length === level.path.length) {
    const open = new Map(level.open)
    if (child === null) open.delete(at)
    else open.set(at, child)
    return { ...level, open }
  }
  const open = new Map([...level.open].map(([place, below]): [number, OpenLevel] => [place, isWithin(path, below.path) ? withOpen(below, path, { at, child }) : below]))
  return { ...level, open }
}

function isWithin(path: readonly GroupKey[], outer: readonly GroupKey[]): boolean {
  return outer.length <= path.length && outer.every((key, i) => key === path[i])
}

export function pathKey(path: readonly GroupKey[]): string {
  return JSON.stringify(path)
}

/** Paths of all groups that are open. */
export function openPaths({ open }: OpenLevel): string[] {
  return [...open.values()].flatMap((level) => [pathKey(level.path), ...openPaths(level)])
}

/** Of an open group: its level, or null. */
export function findLevel(level: OpenLevel, path: readonly GroupKey[]): OpenLevel | null {
  if (path.length === level.path.length) return level
  for (const below of level.open.values()) if (isWithin(path, below.path)) return findLevel(below, path)
  return null
}

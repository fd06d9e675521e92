import { z } from 'zod'

/** How the columns of a table changed from one version to the next. */
export const columnChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('added'), column: z.string(), type: z.string() }),
  z.object({ kind: z.literal('removed'), column: z.string(), type: z.string() }),
  /** A guess: what went and what came have the same type, and the same place or the same values. */
  z.object({ kind: z.literal('renamed'), from: z.string(), to: z.string(), type: z.string() }),
  z.object({ kind: z.literal('retyped'), column: z.string(), from: z.string(), to: z.string() }),
  /** The columns that both have stand in another order. */
  z.object({ kind: z.literal('reordered'), columns: z.array(z.string()) }),
])
export type ColumnChange = z.infer<typeof columnChangeSchema>

export interface DriftColumn {
  name: string
  type: string
}

/** Columns that might be one, to be compared by their values: same type, one gone and one new. */
export function renameCandidates(before: readonly DriftColumn[], after: readonly DriftColumn[]): { from: string; to: string }[] {
  const { removed, added } = split(before, after)
  return removed.flatMap((gone) => added.filter(({ type }) => type === gone.type).map((come) => ({ from: gone.name, to: come.name })))
}

/** How much of the values of one is found in the other, 0 to 1; null when nobody looked. */
export type Likeness = (pair: { from: string; to: string }) => number | null

const ALIKE = 0.5

/** Case is a change: it is one for every reader outside of SQL. */
export function columnChanges(before: readonly DriftColumn[], after: readonly DriftColumn[], likeness: Likeness = () => null): ColumnChange[] {
  const { removed, added } = split(before, after)
  const renamed = renames({ before, after }, likeness)
  const isFrom = (name: string): boolean => renamed.some(({ from }) => from === name)
  const isTo = (name: string): boolean => renamed.some(({ to }) => to === name)
  return [
    ...added.filter(({ name }) => !isTo(name)).map(({ name, type }): ColumnChange => ({ kind: 'added', column: name, type })),
    ...removed.filter(({ name }) => !isFrom(name)).map(({ name, type }): ColumnChange => ({ kind: 'removed', column: name, type })),
    ...renamed.map(({ from, to, type }): ColumnChange => ({ kind: 'renamed', from, to, type })),
    ...after.flatMap(({ name, type }): ColumnChange[] => {
      const earlier = before.find((column) => column.name === name)
      return earlier === undefined || earlier.type === type ? [] : [{ kind: 'retyped', column: name, from: earlier.type, to: type }]
    }),
    ...reordered(before, after),
  ]
}

function split(before: readonly DriftColumn[], after: readonly DriftColumn[]): { removed: DriftColumn[]; added: DriftColumn[] } {
  const names = (columns: readonly DriftColumn[]): Set<string> => new Set(columns.map(({ name }) => name))
  const [old, now] = [names(before), names(after)]
  return { removed: before.filter(({ name }) => !now.has(name)), added: after.filter(({ name }) => !old.has(name)) }
}

interface Rename {
  from: string
  to: string
  type: string
}

/** Each column at most once, the likeliest pairs first. Without a look at values, only what stands in the same place. */
function renames({ before, after }: { before: readonly DriftColumn[]; after: readonly DriftColumn[] }, likeness: Likeness): Rename[] {
  const place = (columns: readonly DriftColumn[], name: string): number => columns.findIndex((column) => column.name === name)
  const scored = renameCandidates(before, after).map((pair) => {
    const isSamePlace = place(before, pair.from) === place(after, pair.to)
    const alike = likeness(pair)
    const score = alike === null ? Number(isSamePlace) : alike + (isSamePlace ? 0.1 : 0)
    return { ...pair, score, type: before.find(({ name }) => name === pair.from)?.type ?? '' }
  })
  const taken: Rename[] = []
  for (const { from, to, type, score } of scored.toSorted((a, b) => b.score - a.score)) {
    if (score >= ALIKE && !taken.some((rename) => rename.from === from || rename.to === to)) taken.push({ from, to, type })
  }
  return taken
}

function reordered(before: readonly DriftColumn[], after: readonly DriftColumn[]): ColumnChange[] {
  const shared = (columns: readonly DriftColumn[], others: readonly DriftColumn[]): string[] =>
    columns.map(({ name }) => name).filter((name) => others.some((other) => other.name === name))
  const [old, now] = [shared(before, after), shared(after, before)]
  const moved = now.filter((name, i) => old[i] !== name)
  return moved.length === 0 ? [] : [{ kind: 'reordered', columns: moved }]
}

/** "column b is new, a is gone, c is BIGINT, was VARCHAR". */
export function driftText(changes: readonly ColumnChange[]): string {
  if (changes.length === 0) return 'The columns are those of the version before'
  return changes.map(changeText).join('; ')
}

function changeText(change: ColumnChange): string {
  switch (change.kind) {
    case 'added':
      return `${change.column} (${change.type}) is new`
    case 'removed':
      return `${change.column} (${change.type}) is gone`
    case 'renamed':
      return `${change.from} seems to be called ${change.to} now`
    case 'retyped':
      return `${change.column} is ${change.to}, was ${change.from}`
    case 'reordered':
      return `${change.columns.slice(0, 6).join(', ')}${change.columns.length > 6 ? ' and others' : ''} ${change.columns.length === 1 ? 'stands' : 'stand'} in another place`
  }
}

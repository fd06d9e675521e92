import { equatesKeys, type GrainWalk, isKey, isKeyed, type Scope, type Table, withoutKeys } from './grain-scope.ts'
import { nodeAt, textsAt, type Tree } from './tree-node.ts'

interface Sides {
  left: readonly Table[]
  right: readonly Table[]
}

/** The tables of a join; reports one that brings rows of different entities together or leaves out rows because of others. */
export function joinTables(walk: GrainWalk, ref: Tree, scope: Scope): Table[] {
  const left = walk.from(nodeAt(ref, 'left'), scope)
  // A lateral subquery on the right sees what stands left of it.
  const right = walk.from(nodeAt(ref, 'right'), { ...scope, tables: [...left, ...scope.tables] })
  const sides: Sides = { left, right }
  walk.expressions(ref['condition'], { ...scope, tables: [...left, ...right] }, isKeyed(left) || isKeyed(right))
  const message = problemOf(walk, ref, sides)
  if (message !== null) walk.report(ref, message, `Join on ${walk.key} as well, or write entity: { unsafe: true } if it is right all the same`)
  return visible(ref, sides)
}

function problemOf(walk: GrainWalk, ref: Tree, sides: Sides): string | null {
  const { left, right } = sides
  const [isLeftKeyed, isRightKeyed] = [isKeyed(left), isKeyed(right)]
  if (!isLeftKeyed && !isRightKeyed) return null
  if (ref['ref_type'] === 'POSITIONAL') return 'A positional join puts rows together by their place among all entities'
  if (isLeftKeyed && isRightKeyed) return isByKey(ref, sides) ? null : `The join brings rows of different entities together: ${walk.key} of both sides is not held equal`
  return unevenProblem(String(ref['join_type']), isLeftKeyed)
}

/** Of a join with entities on one side only: rows of the other must not stay or go because of them. */
function unevenProblem(type: string, isLeftKeyed: boolean): string | null {
  if (type === 'FULL' || type === 'OUTER') return 'A full join keeps rows that belong to no entity'
  const keeps = isLeftKeyed ? ['RIGHT'] : ['LEFT', 'SEMI', 'ANTI']
  return keeps.includes(type) ? 'The join keeps or leaves out rows of no entity because of what other entities have' : null
}

function isByKey(ref: Tree, { left, right }: Sides): boolean {
  const shared = (name: string): boolean => [left, right].every((tables) => tables.some((table) => table.keys?.has(name) === true))
  if (ref['ref_type'] === 'NATURAL') return left.flatMap((table) => [...(table.keys ?? [])]).some(shared)
  if (textsAt(ref, 'using_columns').some(shared)) return true
  return equatesKeys(nodeAt(ref, 'condition'), (side) => isKey(side, left), (side) => isKey(side, right))
}

/** What names mean after the join: on the far side of an outer join the key may be NULL, and is one no more. */
function visible(ref: Tree, { left, right }: Sides): Table[] {
  switch (ref['join_type']) {
    case 'SEMI':
    case 'ANTI':
      return [...left]
    case 'LEFT':
      return [...left, ...right.map(withoutKeys)]
    case 'RIGHT':
      return [...left.map(withoutKeys), ...right]
    case 'FULL':
    case 'OUTER': {
      const merged = textsAt(ref, 'using_columns').filter((name) => [left, right].every((tables) => tables.some((table) => table.keys?.has(name) === true)))
      return [{ name: '', keys: new Set(merged), columns: null, isPinned: false }, ...left.map(withoutKeys), ...right.map(withoutKeys)]
    }
    default:
      return [...left, ...right]
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLevel, levelLines, openPaths, type OpenLevel, pathKey, stretches, withOpen } from './pivot-tree.ts'

/** Any groups, some of them open, three levels deep. */
const tree: fc.Arbitrary<OpenLevel> = levelOf([], 3)

function levelOf(path: string[], depth: number): fc.Arbitrary<OpenLevel> {
  return fc.integer({ min: 0, max: 6 }).chain((groupCount) => {
    if (depth === 1 || groupCount === 0) return fc.constant({ path, groupCount, open: new Map() })
    return fc.subarray(Array.from({ length: groupCount }, (_, i) => i)).chain((places) =>
      fc.tuple(...places.map((at) => levelOf([...path, `g${at}`], depth - 1).map((level): [number, OpenLevel] => [at, level]))).map((open) => ({ path, groupCount, open: new Map(open) })),
    )
  })
}

/** Every line, written down one after the other. */
function lines({ path, groupCount, open }: OpenLevel): string[] {
  return Array.from({ length: groupCount }, (_, i) => {
    const below = open.get(i)
    return [pathKey([...path, `g${i}`]), ...(below === undefined ? [] : lines(below))]
  }).flat()
}

describe('open groups', () => {
  it('stand on the lines on which they would be written one after the other', () => {
    fc.assert(
      fc.property(tree, fc.nat({ max: 60 }), fc.integer({ min: 1, max: 30 }), (level, offset, limit) => {
        const all = lines(level)
        expect(levelLines(level)).toBe(all.length)
        const shown = stretches(level, offset, limit).flatMap(({ path, from, to }) => Array.from({ length: to - from + 1 }, (_, i) => pathKey([...path, `g${from + i}`])))
        expect(shown).toEqual(all.slice(offset, offset + limit))
      }),
    )
  })

  it('open and close where they are', () => {
    const root: OpenLevel = { path: [], groupCount: 3, open: new Map() }
    const opened = withOpen(root, [], { at: 1, child: { path: ['b'], groupCount: 2, open: new Map() } })
    const deeper = withOpen(opened, ['b'], { at: 0, child: { path: ['b', null], groupCount: 5, open: new Map() } })
    expect(levelLines(deeper)).toBe(10)
    expect(openPaths(deeper)).toEqual(['["b"]', '["b",null]'])
    expect(findLevel(deeper, ['b', null])?.groupCount).toBe(5)
    expect(findLevel(deeper, ['a'])).toBeNull()
    expect(levelLines(withOpen(deeper, [], { at: 1, child: null }))).toBe(3)
  })
})

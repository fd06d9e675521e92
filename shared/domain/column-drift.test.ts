import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnChanges, type DriftColumn, driftText } from './column-drift.ts'

const columns = (text: string): DriftColumn[] => text.split(' ').filter((part) => part !== '').map((part) => {
  const [name = '', type = 'VARCHAR'] = part.split(':')
  return { name, type }
})

describe('changes of columns', () => {
  it.each([
    ['a b', 'a b', 'The columns are those of the version before'],
    ['a', 'a b:DATE', 'b (DATE) is new'],
    ['a b', 'a', 'b (VARCHAR) is gone'],
    ['a n:INTEGER', 'a n:BIGINT', 'n is BIGINT, was INTEGER'],
    ['a b c', 'a z c', 'b seems to be called z now'],
    ['a b c', 'a z:DATE c', 'z (DATE) is new; b (VARCHAR) is gone'],
    ['a b c', 'c a b', 'c, a, b stand in another place'],
    ['a b', 'b', 'a (VARCHAR) is gone'],
  ])('%s to %s: %s', (before, after, text) => {
    expect(driftText(columnChanges(columns(before), columns(after)))).toBe(text)
  })

  it('take a column for a renamed one by its values, wherever it stands', () => {
    const [before, after] = [columns('a b c'), columns('x y a')]
    const alike = { 'b>y': 0.9, 'c>x': 1, 'b>x': 0.1, 'c>y': 0 }
    expect(driftText(columnChanges(before, after, ({ from, to }) => Object.entries(alike).find(([pair]) => pair === `${from}>${to}`)?.[1] ?? null))).toBe('b seems to be called y now; c seems to be called x now')
    expect(driftText(columnChanges(columns('a b'), columns('a z'), () => 0))).toBe('z (VARCHAR) is new; b (VARCHAR) is gone')
  })

  it('are none between equal columns, and account for every name that came or went', () => {
    const list = fc.uniqueArray(fc.record({ name: fc.constantFrom(...'abcdefgh'), type: fc.constantFrom('VARCHAR', 'DATE') }), { selector: ({ name }) => name })
    fc.assert(fc.property(list, list, (before, after) => {
      expect(columnChanges(before, before)).toEqual([])
      const changes = columnChanges(before, after)
      const came = changes.flatMap((change) => (change.kind === 'added' ? [change.column] : change.kind === 'renamed' ? [change.to] : []))
      const went = changes.flatMap((change) => (change.kind === 'removed' ? [change.column] : change.kind === 'renamed' ? [change.from] : []))
      expect(came.toSorted()).toEqual(after.map(({ name }) => name).filter((name) => !before.some((column) => column.name === name)).toSorted())
      expect(went.toSorted()).toEqual(before.map(({ name }) => name).filter((name) => !after.some((column) => column.name === name)).toSorted())
    }))
  })
})

import { expect, it } from 'vitest'
import { columnTree } from './column-tree.ts'

const plain = (text: string): string => text
const value = (dataset: string, column: string) => ({ dataset, column, ways: ['value' as const], isSame: false })
const DATASETS = [
  { dataset: 'a.results.r', version: 1, columns: [{ column: 'sum', sources: [{ dataset: 'a.curated.c', column: 'kind', ways: ['group' as const], isSame: false }, value('a.curated.c', 'n')], unknown: [] }] },
  { dataset: 'a.curated.c', version: 1, columns: [{ column: 'n', sources: [value('a.raw.f', 'n')], unknown: [] }, { column: 'kind', sources: [value('a.raw.f', 'kind')], unknown: ['it is read by a pattern'] }] },
  { dataset: 'a.raw.f', version: 1, columns: [{ column: 'n', sources: [], unknown: [] }, { column: 'kind', sources: [], unknown: [] }] },
]

it('follows values down to the files, and names what decides about rows for the column itself', () => {
  expect(columnTree(DATASETS, { dataset: 'a.results.r', column: 'SUM', indirect: false }, plain)).toEqual(['a.results.r.SUM', '  ├ a.curated.c.n value', '  │ └ a.raw.f.n value', '  └ a.curated.c.kind group'])
})

it('follows those too when asked, and says what is not known', () => {
  expect(columnTree(DATASETS, { dataset: 'a.results.r', column: 'sum', indirect: true }, plain).slice(-3)).toEqual(['  └ a.curated.c.kind group', '    ├ a.raw.f.kind value', '    └ unknown: it is read by a pattern'])
})

it('ends at what was delivered', () => {
  expect(columnTree(DATASETS, { dataset: 'a.raw.f', column: 'n', indirect: false }, plain)).toEqual(['a.raw.f.n', '  as it was delivered'])
})

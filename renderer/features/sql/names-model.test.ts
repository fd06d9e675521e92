import { expect, it } from 'vitest'
import type { SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import { nameMove, nameRows } from './names-model.ts'

const column = (name: string) => ({ name, type: 'VARCHAR' })
const DATASETS: SqlNames['datasets'] = [
  { dataset: 'drugs.curated.products', version: 1, rowCount: 8_412, columns: [column('product_id'), column('route')] },
  { dataset: 'drugs.raw.products', version: 1, rowCount: 3, columns: [column('Ingredient')] },
  { dataset: 'prevalence.curated.diseases', version: 1, rowCount: 1, columns: [column('orpha_code')] },
]
const texts = (open: string[], search = ''): string[] => nameRows({ datasets: DATASETS, search, open: new Set(open) }).map(({ level, text }) => `${'-'.repeat(level)}${text}`)

it('shows what is open, early zones first', () => {
  expect(texts([])).toEqual(['-drugs', '-prevalence'])
  expect(texts(['drugs', 'drugs.curated.products'])).toEqual(['-drugs', '--products', '--products', '---product_id', '---route', '-prevalence'])
})

it('opens what holds a match of the search, datasets and columns alike', () => {
  expect(texts([], 'rout')).toEqual(['-drugs', '--products', '---route'])
  expect(texts([], 'DISEASES')).toEqual(['-prevalence', '--diseases'])
  expect(texts([], 'nothing')).toEqual([])
})

it('is walked like a tree', () => {
  const rows = nameRows({ datasets: DATASETS, search: '', open: new Set(['drugs', 'drugs.curated.products']) })
  expect(nameMove(rows, 0, 'ArrowRight')).toEqual({ to: 1 })
  expect(nameMove(rows, 1, 'ArrowRight')).toEqual({ toggle: 'drugs.raw.products' })
  expect(nameMove(rows, 4, 'ArrowLeft')).toEqual({ to: 2 })
  expect(nameMove(rows, 2, 'ArrowLeft')).toEqual({ toggle: 'drugs.curated.products' })
  expect(nameMove(rows, 5, 'ArrowDown')).toEqual({ to: 5 })
  expect(nameMove(rows, 0, 'x')).toBeNull()
})

import { describe, expect, it } from 'vitest'
import type { DatasetListItem } from '../../../shared/contract/datasets.contract.ts'
import { datasetId, parseDatasetId } from '../../../shared/domain/naming.ts'
import { treeMove, treeRows } from './dataset-tree-model.ts'

const item = (dataset: string): DatasetListItem => {
  const name = parseDatasetId(dataset)
  if (name === null) throw new Error(dataset)
  return { dataset: datasetId(name), ...name, rowCount: 1, sizeBytes: 1, version: 1, publishedAt: null, damagedFiles: 0 }
}
const datasets = ['drugs.curated.products', 'drugs.raw.ema', 'trials.curated.trials', 'prevalence.raw.orphanet'].map(item)
const request = { datasets, typeOrder: ['prevalence', 'drugs'], search: '', folded: new Set<string>() }
const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)

describe('treeRows', () => {
  it('lists data types in the order of the workspace, zones from raw to results, then datasets', () => {
    expect(ids(treeRows(request))).toEqual([
      'prevalence', 'prevalence/raw', 'prevalence.raw.orphanet',
      'drugs', 'drugs/raw', 'drugs.raw.ema', 'drugs/curated', 'drugs.curated.products',
      'trials', 'trials/curated', 'trials.curated.trials',
    ])
  })

  it('hides what is folded, and opens everything for a search', () => {
    const folded = new Set(['drugs', 'trials/curated'])
    expect(ids(treeRows({ ...request, folded }))).toEqual(['prevalence', 'prevalence/raw', 'prevalence.raw.orphanet', 'drugs', 'trials', 'trials/curated'])
    expect(ids(treeRows({ ...request, folded, search: 'drugs PROD' }))).toEqual(['drugs', 'drugs/curated', 'drugs.curated.products'])
  })
})

describe('treeMove', () => {
  const rows = treeRows(request)
  const at = (id: string) => rows.findIndex((row) => row.id === id)
  it('walks and folds as trees do', () => {
    expect(treeMove(rows, 0, 'ArrowDown')).toEqual({ to: 1 })
    expect(treeMove(rows, at('drugs'), 'ArrowLeft')).toEqual({ toggle: 'drugs' })
    expect(treeMove(rows, at('drugs.raw.ema'), 'ArrowLeft')).toEqual({ to: at('drugs/raw') })
    expect(treeMove(rows, at('drugs'), 'ArrowRight')).toEqual({ to: at('drugs') + 1 })
    expect(treeMove(treeRows({ ...request, folded: new Set(['drugs']) }), 3, 'ArrowRight')).toEqual({ toggle: 'drugs' })
    expect(treeMove(rows, rows.length - 1, 'ArrowDown')).toEqual({ to: rows.length - 1 })
    expect(treeMove(rows, at('drugs.raw.ema'), 'ArrowRight')).toBeNull()
  })
})

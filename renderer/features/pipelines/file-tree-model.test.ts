import { describe, expect, it } from 'vitest'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { Finding } from '../../../shared/contract/workspace.contract.ts'
import { fileTree } from './file-tree-model.ts'

const FILES: PipelineFile[] = [
  { path: 'strata.yaml', kind: 'workspace', dataType: null, zone: null, dataset: null },
  { path: 'pipelines/drugs/curated/products.sql', kind: 'sql', dataType: 'drugs', zone: 'curated', dataset: 'drugs.curated.products' },
  { path: 'pipelines/drugs/curated/products.yaml', kind: 'contract', dataType: 'drugs', zone: 'curated', dataset: 'drugs.curated.products' },
  { path: 'pipelines/drugs/lib/a/words.ts', kind: 'other', dataType: 'drugs', zone: null, dataset: null },
  { path: 'pipelines/drugs/pipeline.yaml', kind: 'pipeline', dataType: 'drugs', zone: null, dataset: null },
  { path: 'pipelines/drugs/raw/patents.yaml', kind: 'contract', dataType: 'drugs', zone: 'raw', dataset: 'drugs.raw.patents' },
  { path: 'pipelines/drugs/tests/one_row_a_day.yaml', kind: 'test', dataType: 'drugs', zone: null, dataset: null },
]
const finding = (file: string, severity: Finding['severity']): Finding => ({ severity, code: 'x', file, line: 1, column: 1, message: 'm', suggestion: null })

describe('the tree of files', () => {
  it('goes by data type and zone, in the order of the zones, what is beside them first', () => {
    const { workspace, dataTypes } = fileTree(FILES, [], '')
    expect(workspace?.name).toBe('strata.yaml')
    expect(dataTypes.map(({ name, count }) => [name, count])).toEqual([['drugs', 1]])
    expect(dataTypes[0]?.groups.map(({ heading, lines }) => [heading, lines.map(({ name }) => name)])).toEqual([
      [null, ['pipeline.yaml', 'lib/a/words.ts']],
      ['raw', ['patents.yaml']],
      ['curated', ['products.sql', 'products.yaml']],
      ['tests', ['one_row_a_day.yaml']],
    ])
  })

  it('counts what is wrong in each file', () => {
    const path = 'pipelines/drugs/curated/products.sql'
    const [group] = fileTree(FILES, [finding(path, 'error'), finding(path, 'warning'), finding(path, 'error')], 'products.sql').dataTypes[0]?.groups ?? []
    expect(group?.lines.map(({ name, errors, warnings }) => [name, errors, warnings])).toEqual([['products.sql', 2, 1]])
  })

  it('shows the files that a text is in the path of', () => {
    expect(fileTree(FILES, [], 'RAW').dataTypes.flatMap(({ groups }) => groups.flatMap(({ lines }) => lines.map(({ name }) => name)))).toEqual(['patents.yaml'])
    expect(fileTree(FILES, [], 'raw').workspace).toBeNull()
  })
})

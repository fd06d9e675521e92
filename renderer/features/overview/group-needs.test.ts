import { expect, it } from 'vitest'
import type { Attention } from '../../../shared/contract/workspace.contract.ts'
import { groupNeeds } from './group-needs.ts'

const WARNING: Attention = { kind: 'warned_check', dataType: 'drugs', runNumber: 3, dataset: 'drugs.curated.a', text: '1 check warns on drugs.curated.a', at: null }

it('warnings of one run are one need that names its datasets', () => {
  const needs = groupNeeds([WARNING, { ...WARNING, dataset: 'drugs.curated.b' }, { ...WARNING, runNumber: 2 }])
  expect(needs.map(({ text, datasets }) => [text, datasets])).toEqual([
    ['checks warn on 2 datasets', ['drugs.curated.a', 'drugs.curated.b']],
    ['1 check warns on drugs.curated.a', []],
  ])
})

it('failed runs are never put together, and findings are left to their own list', () => {
  const failed: Attention = { ...WARNING, kind: 'failed_run', dataset: null }
  expect(groupNeeds([failed, { ...failed, text: 'other' }, { ...WARNING, kind: 'finding' }])).toHaveLength(2)
})

import { expect, it } from 'vitest'
import type { DataTypeOutline } from '../contract/workspace.contract.ts'
import { orderDataTypes } from './data-type-order.ts'

function outline(name: string, inputs: string[]): DataTypeOutline {
  const step = { dataset: `${name}.curated.x`, kind: 'sql' as const, zone: 'curated' as const, name: 'x', file: 'x.sql', inputs, checkCount: 0 }
  return { name, label: name, description: null, entityKey: null, entityNames: { labels: [], identifiers: [] }, parameters: [], gates: [], steps: [step], runnable: true }
}

it('each data type comes after those it reads', () => {
  const ordered = orderDataTypes([outline('trials', ['drugs.curated.x', 'trials.raw.y']), outline('drugs', ['prevalence.curated.x']), outline('prevalence', [])])
  expect(ordered).toEqual([
    { name: 'prevalence', reads: [] },
    { name: 'drugs', reads: ['prevalence'] },
    { name: 'trials', reads: ['drugs'] },
  ])
})

it('data types that read each other still all run', () => {
  const ordered = orderDataTypes([outline('a', ['b.curated.x']), outline('b', ['a.curated.y'])])
  expect(ordered.map(({ name }) => name).toSorted()).toEqual(['a', 'b'])
})

import { expect, it } from 'vitest'
import { parseRunRef } from './run-ref.ts'

it('a run is named data_type#number, and nothing else passes for one', () => {
  expect(parseRunRef('clinical_trials#12')).toEqual({ dataType: 'clinical_trials', runNumber: 12 })
  for (const text of ['clinical_trials', '#1', 'x#0', 'Raw#1', 'x#1.5', 'x#']) expect(() => parseRunRef(text)).toThrow('data_type#number')
})

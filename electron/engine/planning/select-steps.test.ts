import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PLAIN_RUN, type RunSelection } from '../../../shared/domain/run-options.ts'
import type { StepModel } from '../workspace/model.ts'
import { stepsLeftOut } from './select-steps.ts'

const step = (name: string, inputs: string[]): StepModel => ({
  kind: 'sql', dataset: `a.curated.${name}`, dataType: 'a', zone: 'curated', name, file: '', inputs: inputs.map((input) => `a.curated.${input}`), contract: null, drift: 'warn', retry: {}, sql: '', fingerprint: '', parameters: [], volatile: [], entity: null,
})
const STEPS = [step('one', []), step('two', ['one']), step('other', []), step('three', ['two', 'other'])]

function taken(selection: Partial<RunSelection>, failed: string[] = []): string[] {
  const out = stepsLeftOut({ name: 'a', steps: STEPS }, { ...PLAIN_RUN, ...selection }, { hasFailed: (dataset) => failed.includes(dataset) })
  return STEPS.filter(({ dataset }) => !out.has(dataset)).map(({ name }) => name)
}

describe('a selection of steps', () => {
  it('takes everything when nothing is named', () => {
    expect(taken({})).toEqual(['one', 'two', 'other', 'three'])
  })

  it.each([
    ['curated.two', ['two']],
    ['a.curated.two', ['two']],
    ['+curated.two', ['one', 'two']],
    ['curated.two+', ['two', 'three']],
    ['+curated.three', ['one', 'two', 'other', 'three']],
    ['+curated.other+', ['other', 'three']],
  ])('takes of %s %j', (expression, names) => {
    expect(taken({ steps: [expression] })).toEqual(names)
  })

  it('joins what is named, and narrows it by what else is asked for', () => {
    expect(taken({ steps: ['curated.one', 'curated.other'] })).toEqual(['one', 'other'])
    expect(taken({ steps: ['+curated.two'], from: 'curated.two' })).toEqual(['two'])
    expect(taken({ only: 'failed' }, ['a.curated.other'])).toEqual(['other', 'three'])
  })

  it('says which step was probably meant', () => {
    expect(() => taken({ from: 'curated.tow' })).toThrow('a has no step curated.tow')
  })

  it('of a step with all that reads it and all that it reads is never more than the pipeline, and always has the step', () => {
    fc.assert(
      fc.property(fc.constantFrom('one', 'two', 'other', 'three'), fc.boolean(), fc.boolean(), (name, up, down) => {
        const names = taken({ steps: [`${up ? '+' : ''}curated.${name}${down ? '+' : ''}`] })
        expect(names).toContain(name)
        const reached = new Set(names.map((one) => `a.curated.${one}`))
        const unread = STEPS.filter(({ dataset }) => reached.has(dataset)).flatMap(({ inputs }) => inputs).filter((input) => !reached.has(input))
        const unmade = STEPS.filter(({ dataset, inputs }) => !reached.has(dataset) && inputs.some((input) => reached.has(input)))
        expect(up && !down ? unread : []).toEqual([])
        expect(down && !up ? unmade : []).toEqual([])
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { type Parameter, readParameterValue, resolveParameters } from './run-parameters.ts'

const declare = (over: Partial<Parameter>): Parameter => ({ name: 'p', type: 'text', default: null, description: null, values: null, ...over })

describe('a parameter', () => {
  it('is read from what a person types as its type has it', () => {
    expect(readParameterValue('number', '1.5')).toBe(1.5)
    expect(readParameterValue('number', ' ')).toBeNull()
    expect(readParameterValue('boolean', 'true')).toBe(true)
    expect(readParameterValue('boolean', 'yes')).toBeNull()
    expect(readParameterValue('date', '2026-02-28')).toBe('2026-02-28')
    expect(readParameterValue('date', '2026-02-30')).toBeNull()
    expect(readParameterValue('text', 7)).toBe('7')
  })

  it('has its default where a run gives none, and needs a value where there is no default', () => {
    expect(resolveParameters([declare({ default: 'a' })], {})).toEqual({ p: 'a' })
    expect(() => resolveParameters([declare({})], {})).toThrow('The parameter p needs a value')
  })

  it('is one of its values', () => {
    const region = declare({ name: 'region', default: 'world', values: ['europe', 'world'] })
    expect(resolveParameters([region], { region: 'europe' })).toEqual({ region: 'europe' })
    expect(() => resolveParameters([region], { region: 'mars' })).toThrow('region must be one of europe, world, but is "mars"')
  })
})

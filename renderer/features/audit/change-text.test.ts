import { describe, expect, it } from 'vitest'
import { changeText } from './change-text.ts'

describe('one line of the audit trail', () => {
  it('says what was and what is', () => {
    expect(changeText({ details: {}, before: { state: 'running' }, after: {} })).toBe('running → nothing')
    expect(changeText({ details: { reason: 'A short month' }, before: { outcome: 'blocked' }, after: { outcome: 'overridden' } })).toBe('A short month  ·  blocked → overridden')
  })

  it('says the facts where nothing was compared, without those that are empty', () => {
    expect(changeText({ details: { trigger: 'cli', entities: null, options: '', names: ['a', 'b'] }, before: null, after: null })).toBe('trigger cli, names a, b')
  })
})

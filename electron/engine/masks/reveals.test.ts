import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../shared/domain/actor.ts'
import type { AuditEntry, AuditStore } from '../ledger/audit.store.ts'
import { createReveals } from './reveals.ts'

const ANNA: Actor = { kind: 'person', via: 'window', account: 'anna' }
const REQUEST = { commandId: 'a', dataset: 'club.curated.people', columns: ['Email'], reason: 'A letter', minutes: 15 }

function setUp() {
  let now = 0
  const entries: AuditEntry[] = []
  const audit = { append: (entry: AuditEntry) => void entries.push(entry) } satisfies Pick<AuditStore, 'append'>
  return { entries, reveals: createReveals({ audit, clock: () => now }), at: (minutes: number) => (now = minutes * 60_000) }
}

describe('a reveal', () => {
  it('lasts for its time and no longer', () => {
    const { reveals, at } = setUp()
    reveals.reveal(REQUEST, ANNA)
    at(14.99)
    expect(reveals.until(ANNA, REQUEST.dataset, 'EMAIL')).toBe(15 * 60_000)
    at(15)
    expect(reveals.until(ANNA, REQUEST.dataset, 'email')).toBeNull()
    expect(reveals.of(ANNA)).toEqual([])
  })

  it('is for the one who asked, not for a program that acts for the same account', () => {
    const { reveals } = setUp()
    reveals.reveal(REQUEST, ANNA)
    for (const other of [{ ...ANNA, account: 'bob' }, { ...ANNA, kind: 'model', via: 'mcp' }, { ...ANNA, via: 'http' }] satisfies Actor[]) {
      expect(reveals.until(other, REQUEST.dataset, 'email')).toBeNull()
      expect(reveals.hide(undefined, other)).toEqual([])
    }
    expect(reveals.of(ANNA)).toHaveLength(1)
  })

  it('is recorded once when its command is sent twice, and when it is ended', () => {
    const { reveals, entries } = setUp()
    expect(reveals.reveal(REQUEST, ANNA)).toEqual(reveals.reveal(REQUEST, ANNA))
    reveals.hide(REQUEST.dataset, ANNA)
    expect(entries.map(({ action }) => action)).toEqual(['reveal', 'hide'])
  })

  it('that cannot be recorded is none', () => {
    const reveals = createReveals({ audit: { append: () => { throw new Error('read only') } }, clock: () => 0 })
    expect(() => reveals.reveal(REQUEST, ANNA)).toThrow('read only')
    expect(reveals.of(ANNA)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { formatDue } from './format-due.ts'

const now = new Date(2026, 10, 24, 10, 0).getTime()
const due = (day: number, hour: number, minute = 0): string => formatDue(new Date(2026, 10, day, hour, minute).toISOString(), now)

describe('a time to come', () => {
  it('is told as roughly as it is far away', () => {
    expect([due(24, 10, 12), due(24, 18), due(25, 6), due(30, 6), due(24, 9)]).toEqual(['in 12 min', 'today 18:00', 'tomorrow 06:00', 'Mon 30 Nov, 06:00', 'now'])
  })
})

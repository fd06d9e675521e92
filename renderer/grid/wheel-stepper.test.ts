import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampTopRow, wheelNeedsRows, WheelStepper } from './wheel-stepper.ts'

const big = { rowHeight: 28, rowCount: 10_000_000, pageRows: 25 }
const notch = { deltaY: 100, deltaX: 0, deltaMode: 0, shiftKey: false, ctrlKey: false }

describe('wheelNeedsRows', () => {
  it('leaves small tables, sideways scrolling and zoom to the browser', () => {
    expect(wheelNeedsRows(notch, big)).toBe(true)
    expect(wheelNeedsRows(notch, { ...big, rowCount: 50_000 })).toBe(false)
    expect(wheelNeedsRows({ ...notch, shiftKey: true }, big)).toBe(false)
    expect(wheelNeedsRows({ ...notch, ctrlKey: true }, big)).toBe(false)
    expect(wheelNeedsRows({ ...notch, deltaX: 200 }, big)).toBe(false)
  })
})

describe('WheelStepper', () => {
  it('moves 10 rows for 280 pixels, however they are cut', () => {
    for (const parts of [[280], [100, 100, 80], Array.from({ length: 280 }, () => 1)]) {
      const stepper = new WheelStepper()
      expect(parts.reduce((sum, deltaY) => sum + stepper.step({ ...notch, deltaY }, big), 0)).toBe(10)
    }
  })

  it('never moves further than the wheel did, in one direction', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 })), (parts) => {
        const stepper = new WheelStepper()
        const rows = parts.reduce((sum, deltaY) => sum + stepper.step({ ...notch, deltaY }, big), 0)
        const px = parts.reduce((sum, deltaY) => sum + deltaY, 0)
        expect(rows).toBe(Math.trunc(px / 28))
      }),
    )
  })

  it('starts anew when the direction turns, and understands lines and pages', () => {
    const stepper = new WheelStepper()
    expect(stepper.step({ ...notch, deltaY: 27 }, big)).toBe(0)
    expect(stepper.step({ ...notch, deltaY: -28 }, big)).toBe(-1)
    expect(new WheelStepper().step({ ...notch, deltaY: 3, deltaMode: 1 }, big)).toBe(3)
    expect(new WheelStepper().step({ ...notch, deltaY: 1, deltaMode: 2 }, big)).toBe(25)
  })
})

describe('clampTopRow', () => {
  it('stays inside the table', () => {
    expect(clampTopRow(-5, big)).toBe(0)
    expect(clampTopRow(10_000_000, big)).toBe(9_999_975)
    expect(clampTopRow(3, { ...big, rowCount: 10 })).toBe(0)
  })
})

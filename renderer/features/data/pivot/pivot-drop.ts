import { z } from 'zod'
import { PIVOT_ZONES, type PivotZone } from './pivot-edit.ts'

/** What is dragged into the bar: a column, or a chip that is in it. */
const draggedSchema = z.union([z.strictObject({ column: z.string() }), z.strictObject({ zone: z.enum(PIVOT_ZONES), at: z.int() })])
export type Dragged = z.infer<typeof draggedSchema>

const TYPE = 'application/x-strata-column'

export function startDrag(transfer: DataTransfer, dragged: Dragged): void {
  transfer.setData(TYPE, JSON.stringify(dragged))
  transfer.effectAllowed = 'move'
}

export function isColumnDrag(transfer: DataTransfer): boolean {
  return transfer.types.includes(TYPE)
}

/** Null: something else is dragged, from another program perhaps. */
export function draggedOf(transfer: DataTransfer): Dragged | null {
  const text = transfer.getData(TYPE)
  return text === '' ? null : draggedSchema.parse(JSON.parse(text))
}

/** Where in the bar a point is: headers of the grid are dragged by the grid's own means, which know nothing of places outside it. */
export function zoneAt({ x, y }: { x: number; y: number }): { zone: PivotZone; at: number } | null {
  const element = document.elementsFromPoint(x, y).find((candidate) => candidate instanceof HTMLElement && candidate.dataset['pivotZone'] !== undefined)
  const zone = PIVOT_ZONES.find((name) => element instanceof HTMLElement && element.dataset['pivotZone'] === name)
  return element === undefined || zone === undefined ? null : { zone, at: placeIn(element, x) }
}

/** Before which chip of a zone a point is. */
export function placeIn(zone: Element, x: number): number {
  const chips = [...zone.querySelectorAll('[data-pivot-chip]')].map((chip) => chip.getBoundingClientRect())
  return chips.filter(({ left, width }) => left + width / 2 < x).length
}

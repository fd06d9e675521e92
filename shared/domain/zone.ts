import { z } from 'zod'

/** The stages of refinement, always these five, in this order. */
export const ZONES = ['raw', 'preprocessed', 'processed', 'curated', 'results'] as const

export const zoneSchema = z.enum(ZONES)
export type Zone = z.infer<typeof zoneSchema>

/** Position of a zone in the walk from raw to results, 0 to 4. */
export function zoneIndex(zone: Zone): number {
  return ZONES.indexOf(zone)
}

export function isZone(text: string): text is Zone {
  return (ZONES as readonly string[]).includes(text)
}

import { ZONES, type Zone, zoneIndex } from '../../shared/domain/zone.ts'

/** Five strata, filled from the bottom up to the zone. Decoration: the zone's word stands beside it or in `title`. */
export function ZoneMark({ zone, size = 14 }: { zone: Zone; size?: number }) {
  const depth = zoneIndex(zone)
  return (
    <svg className='icon' width={size} height={size} viewBox='0 0 14 14' aria-hidden='true'>
      {ZONES.map((name, index) => (
        <rect key={name} x='1' y={11.4 - index * 2.6} width='12' height='1.8' rx='.5' fill={`var(--zone-${zone})`} opacity={index <= depth ? 1 : 0.22} />
      ))}
    </svg>
  )
}

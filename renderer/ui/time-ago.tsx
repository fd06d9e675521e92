import { useEffect, useState } from 'react'
import { formatAbsolute, formatAge, formatAgo } from './format.ts'

/** Relative in lists, absolute on hover. `bare` leaves out "ago". */
export function TimeAgo({ at, bare = false }: { at: string; bare?: boolean }) {
  const now = useNow(20_000)
  return (
    <time dateTime={at} title={formatAbsolute(at)}>
      {bare ? formatAge(at, now) : formatAgo(at, now)}
    </time>
  )
}

/** The present, renewed every `everyMs`; standing still when `active` is false. */
export function useNow(everyMs: number, active = true): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!active) return
    const tick = (): void => setNow(Date.now())
    // What is shown may be old when counting begins again.
    const first = setTimeout(tick, 0)
    const timer = setInterval(tick, everyMs)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [everyMs, active])
  return now
}

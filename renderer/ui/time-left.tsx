import { useNow } from './time-ago.tsx'

/** "12:03 left", by the second. */
export function TimeLeft({ until }: { until: string }) {
  const now = useNow(1_000)
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000))
  return <time className='time-left' dateTime={until} title={`Until ${new Date(until).toLocaleTimeString()}`}>{`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`} left</time>
}

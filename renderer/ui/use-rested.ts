import { useEffect, useState } from 'react'

/** A value as it was when nothing changed it for a moment; what is typed is not judged by half a word. */
export function useRested<T>(value: T, restMs: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value, restMs])
  return rested
}
